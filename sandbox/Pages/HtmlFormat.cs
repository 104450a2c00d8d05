using System.Globalization;
using System.Text.Encodings.Web;

namespace MailPace.Sandbox.Pages;

/// <summary>Formats the holes of our markup, and encodes each.</summary>
internal sealed class HtmlFormat : IFormatProvider, ICustomFormatter
{
    public static readonly HtmlFormat Instance = new();

    public object? GetFormat(Type? formatType) => formatType == typeof(ICustomFormatter) ? this : null;

    public string Format(string? format, object? arg, IFormatProvider? formatProvider)
        => HtmlEncoder.Default.Encode((arg is IFormattable value ? value.ToString(format, CultureInfo.InvariantCulture) : arg?.ToString()) ?? "");
}
