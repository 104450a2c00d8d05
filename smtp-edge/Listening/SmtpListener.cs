using MailPace.SmtpEdge.Listening.Proxy;
using MailPace.SmtpEdge.Session;
using Microsoft.AspNetCore.Connections;

namespace MailPace.SmtpEdge.Listening;

/// <summary>A port that accepts connections.</summary>
internal sealed record SmtpListener(IConnectionListener Socket, SmtpRole Role, ProxyNetworks Proxies);
