using System.ComponentModel.DataAnnotations;

namespace MailPace.Send;

/// <summary>Limits of the sending API.</summary>
public sealed class SendOptions
{
    public const string SectionName = "Send";

    /// <summary>Bytes that a request, and the message made from it, may have; above it: 413. Default: 30 MB.</summary>
    [Range(1024, 256 * 1024 * 1024)]
    public int MaxEmailBytes { get; set; } = 30 * 1024 * 1024;

    /// <summary>Bytes that the bodies of all requests under way may take together; above it: 503. Default: 512 MB.</summary>
    [Range(1024 * 1024, long.MaxValue)]
    public long MaxBufferedBytes { get; set; } = 512L * 1024 * 1024;

    /// <summary>Emails that one batch may hold; its bytes count as one email's. Default: 500.</summary>
    [Range(1, 1000)]
    public int MaxBatch { get; set; } = 500;

    /// <summary>Extensions that attachments may have, separated by spaces. Default: MailPace's list.</summary>
    [Required]
    public string AllowedExtensions { get; set; } = "jpeg jpg png gif txt pdf docx xlsx pptx csv att ics ical html zip auf xml dwg";

    /// <summary>Dots that an attachment's name may have. Default: 1, so that <c>invoice.pdf.zip</c> is refused.</summary>
    [Range(1, 100)]
    public int MaxDotsInName { get; set; } = 1;
}
