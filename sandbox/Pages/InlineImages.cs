using System.Text.RegularExpressions;
using MimeKit;

namespace MailPace.Sandbox.Pages;

/// <summary>Puts the images that the HTML names by <c>cid:</c> into it, since the frame can fetch nothing of ours.</summary>
internal static partial class InlineImages
{
    private const int LargestImage = 4 * 1024 * 1024;

    /// <summary>Each mention repeats its image, so that a few octets of HTML stand for megabytes. Beyond this many characters no more are put in.</summary>
    private const int LargestTotal = 16 * 1024 * 1024;

    public static string Embed(string html, MimeMessage message)
    {
        var parts = message.BodyParts.OfType<MimePart>().Where(IsImage).DistinctBy(static part => part.ContentId).ToDictionary(static part => part.ContentId!, StringComparer.Ordinal);
        var images = new Dictionary<string, string?>(StringComparer.Ordinal);
        var room = LargestTotal;
        return CidReference().Replace(html, match =>
        {
            var id = Uri.UnescapeDataString(match.Groups["id"].Value);
            if (!images.TryGetValue(id, out var image))
            {
                images[id] = image = parts.TryGetValue(id, out var part) ? DataUri(part) : null;
            }

            if (image is null || image.Length > room)
            {
                return match.Value;
            }

            room -= image.Length;
            return image;
        });
    }

    private static bool IsImage(MimePart part)
        => part is { Content: not null, ContentId.Length: > 0 } && part.ContentType.MediaType.Equals("image", StringComparison.OrdinalIgnoreCase);

    /// <returns>Null when it's too large, or of no type that can be named.</returns>
    private static string? DataUri(MimePart part)
    {
        using var content = new MemoryStream();
        part.Content!.DecodeTo(content);
        return content.Length > LargestImage || !MediaSubtype().IsMatch(part.ContentType.MediaSubtype)
            ? null
            : $"data:image/{part.ContentType.MediaSubtype};base64,{Convert.ToBase64String(content.GetBuffer().AsSpan(0, (int)content.Length))}";
    }

    [GeneratedRegex("cid:(?<id>[^\"'\\s)>]+)", RegexOptions.IgnoreCase)]
    private static partial Regex CidReference();

    [GeneratedRegex("^[a-z0-9.+-]+$", RegexOptions.IgnoreCase)]
    private static partial Regex MediaSubtype();
}
