using System.Text.RegularExpressions;
using MimeKit;

namespace MailPace.Sandbox.Pages;

/// <summary>Puts the images that the HTML names by <c>cid:</c> into it, since the frame can fetch nothing of ours.</summary>
internal static partial class InlineImages
{
    private const int LargestImage = 4 * 1024 * 1024;

    public static string Embed(string html, MimeMessage message) => CidReference().Replace(html, match => Find(message, match.Groups["id"].Value) ?? match.Value);

    private static string? Find(MimeMessage message, string id)
    {
        var wanted = Uri.UnescapeDataString(id);
        var part = message.BodyParts.OfType<MimePart>().FirstOrDefault(
            part => part.ContentId == wanted && part.ContentType.MediaType.Equals("image", StringComparison.OrdinalIgnoreCase));
        if (part?.Content is null)
        {
            return null;
        }

        using var content = new MemoryStream();
        part.Content.DecodeTo(content);
        return content.Length > LargestImage || !MediaSubtype().IsMatch(part.ContentType.MediaSubtype)
            ? null
            : $"data:image/{part.ContentType.MediaSubtype};base64,{Convert.ToBase64String(content.GetBuffer().AsSpan(0, (int)content.Length))}";
    }

    [GeneratedRegex("cid:(?<id>[^\"'\\s)>]+)", RegexOptions.IgnoreCase)]
    private static partial Regex CidReference();

    [GeneratedRegex("^[a-z0-9.+-]+$", RegexOptions.IgnoreCase)]
    private static partial Regex MediaSubtype();
}
