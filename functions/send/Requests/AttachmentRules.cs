using MailPace.Mail.Composition;
using MailPace.Mail.Submission;
using Microsoft.Extensions.Options;

namespace MailPace.Send.Requests;

/// <summary>
/// Which attachments are taken, by name. The name is judged as it came: what the composer would take off (a path, a
/// bidirectional mark) isn't in the list of extensions or has a second dot, so it refuses more, never less.
/// </summary>
internal sealed class AttachmentRules(IOptions<SendOptions> options)
{
    private readonly HashSet<string> _extensions = new(
        options.Value.AllowedExtensions.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries), StringComparer.OrdinalIgnoreCase);

    private readonly int _maxDots = options.Value.MaxDotsInName;

    public Refusal? Check(IReadOnlyList<OutgoingAttachment> attachments)
        => attachments.All(attachment => IsAllowed(attachment.Name)) ? null : Refusal.AttachmentBlocked;

    private bool IsAllowed(string name)
    {
        var dot = name.LastIndexOf('.');
        return dot >= 0 && name.AsSpan().Count('.') <= _maxDots && _extensions.Contains(name[(dot + 1)..]);
    }
}
