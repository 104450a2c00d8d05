using System.Diagnostics.CodeAnalysis;

namespace MailPace.Mail.Webhooks;

/// <summary>What may be an endpoint's URL. Where it leads is decided when it's connected to.</summary>
public static class EndpointUrl
{
    private const int MaxLength = 2_048;

    /// <param name="text">The URL.</param>
    /// <param name="url">Parsed.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out Uri? url)
    {
        url = null;
        return text.Length <= MaxLength
            && !text.Any(static c => char.IsControl(c) || char.IsWhiteSpace(c))
            && Uri.TryCreate(text, UriKind.Absolute, out url)
            && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)
            && url.Host.Length > 0;
    }
}
