using System.Text;
using MimeKit;

namespace MailPace.Mail.Composition;

/// <summary>Content types of attachments, as clients give them.</summary>
internal static class MediaType
{
    private const string Unknown = "application/octet-stream";
    private const string TokenSymbols = "!#$%&'*+-.^_`{|}~";

    /// <summary>The given type with its parameters (an invitation needs its <c>method</c>), or what the extension says.</summary>
    public static string Of(string? given, string fileName)
    {
        var text = given?.Trim() ?? "";
        if (text.Length is 0 or > 200)
        {
            return OfName(fileName);
        }

        if (!text.Contains('/', StringComparison.Ordinal))
        {
            return OfName($"x.{text.TrimStart('.')}");
        }

        if (text.AsSpan().ContainsAnyExceptInRange(' ', '~')
            || !ContentType.TryParse(text, out var type)
            || !IsToken(type.MediaType) || !IsToken(type.MediaSubtype))
        {
            return OfName(fileName);
        }

        // RFC 2046 §5.1 and 5.2: composite types may not be base64, which all our attachments are.
        if (type.IsMimeType("multipart", "*") || type.IsMimeType("message", "*"))
        {
            return Unknown;
        }

        var result = new StringBuilder($"{type.MediaType}/{type.MediaSubtype}".ToLowerInvariant());
        foreach (var parameter in type.Parameters)
        {
            if (IsToken(parameter.Name) && IsToken(parameter.Value)
                && !parameter.Name.StartsWith("name", StringComparison.OrdinalIgnoreCase)
                && !parameter.Name.Equals("boundary", StringComparison.OrdinalIgnoreCase))
            {
                result.Append("; ").Append(parameter.Name).Append('=').Append(parameter.Value);
            }
        }

        return result.ToString();
    }

    private static string OfName(string fileName)
    {
        var type = MimeTypes.GetMimeType(fileName);
        return type.StartsWith("message/", StringComparison.Ordinal) ? Unknown : type;
    }

    private static bool IsToken(string text)
        => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || TokenSymbols.Contains(c));
}
