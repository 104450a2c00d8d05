namespace MailPace.Smtp.Connections;

/// <summary>TLS was offered and didn't come about; with opportunistic TLS a new connection in clear follows.</summary>
internal sealed class TlsFailedException(string message, Exception inner) : Exception(message, inner);
