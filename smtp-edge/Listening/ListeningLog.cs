using System.Net;
using MailPace.SmtpEdge.Listening.Proxy;
using MailPace.SmtpEdge.Session;
using Microsoft.Extensions.Logging;

namespace MailPace.SmtpEdge.Listening;

internal static partial class ListeningLog
{
    [LoggerMessage(EventIds.Listening, LogLevel.Information, "SMTP {Role} on {EndPoint}")]
    public static partial void Listening(ILogger logger, SmtpRole role, EndPoint endPoint);

    [LoggerMessage(EventIds.Stopping, LogLevel.Information, "SMTP stops: {Sessions} sessions open")]
    public static partial void Stopping(ILogger logger, int sessions);

    [LoggerMessage(EventIds.StopForced, LogLevel.Warning, "SMTP stops: {Sessions} sessions aborted at the end of the grace period")]
    public static partial void StopForced(ILogger logger, int sessions);

    [LoggerMessage(EventIds.ConnectionRefused, LogLevel.Warning, "Connection from {Client} refused: {Reply}")]
    public static partial void ConnectionRefused(ILogger logger, EndPoint? client, string reply);

    [LoggerMessage(EventIds.AcceptFailed, LogLevel.Error, "Accepting connections on {EndPoint} failed")]
    public static partial void AcceptFailed(ILogger logger, Exception exception, EndPoint endPoint);

    [LoggerMessage(EventIds.ProxyHeaderRefused, LogLevel.Warning, "Connection from the proxy {Proxy} ended: its PROXY header is {Fault}")]
    public static partial void ProxyHeaderRefused(ILogger logger, EndPoint? proxy, ProxyFault fault);

    [LoggerMessage(EventIds.ProxyConnectionFailed, LogLevel.Error, "Connection from the proxy {Proxy} failed")]
    public static partial void ProxyConnectionFailed(ILogger logger, Exception exception, EndPoint? proxy);
}
