using System.Net;
using MailPace.Smtp.Security;

namespace MailPace.Smtp.Connections;

/// <summary>One address of one host: what connections are pooled by.</summary>
internal readonly record struct Destination(string Host, IPEndPoint EndPoint, TlsDemand Tls)
{
    public override string ToString() => $"{Host} [{EndPoint}]";
}
