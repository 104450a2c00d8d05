using System.Globalization;
using System.Text;
using MailPace.Mail.Addresses;

namespace MailPace.Mail.Composition;

/// <summary>File names of attachments.</summary>
internal static class FileName
{
    private const int MaxLength = 200;

    /// <summary>
    /// The last segment of a path, without controls and invisible marks (U+202E shows <c>exe.gpj</c> as a picture), and
    /// without trailing dots, which some systems drop and so change the extension.
    /// </summary>
    public static string Clean(string given)
    {
        var name = DisplayText.Clean(given);
        name = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        var clean = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.Format)
            {
                clean.Append(rune);
            }
        }

        var text = Shorten(clean.ToString().TrimEnd('.', ' ').TrimStart());
        return text.Length == 0 ? "attachment" : text;
    }

    private static string Shorten(string name)
    {
        if (name.Length <= MaxLength)
        {
            return name;
        }

        var dot = name.LastIndexOf('.');
        var extension = dot >= 0 && name.Length - dot <= 16 ? name[dot..] : "";
        var stem = name[..(MaxLength - extension.Length)];
        return (char.IsHighSurrogate(stem[^1]) ? stem[..^1] : stem) + extension;
    }
}
