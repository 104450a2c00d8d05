using Microsoft.Extensions.Logging;

namespace MailPace.SmtpEdge.Session;

internal static partial class SessionLog
{
    [LoggerMessage(EventIds.SessionStarted, LogLevel.Debug, "Session {SessionId} ({Role}) from {Client}")]
    public static partial void SessionStarted(ILogger logger, string sessionId, SmtpRole role, System.Net.IPEndPoint? client);

    [LoggerMessage(EventIds.SessionEnded, LogLevel.Debug, "Session {SessionId} ended: {End}; {Messages} messages accepted")]
    public static partial void SessionEnded(ILogger logger, string sessionId, string end, int messages);

    [LoggerMessage(EventIds.SessionFailed, LogLevel.Error, "Session {SessionId} failed")]
    public static partial void SessionFailed(ILogger logger, Exception exception, string sessionId);

    [LoggerMessage(EventIds.HandshakeFailed, LogLevel.Information, "Session {SessionId}: TLS handshake failed: {Reason}")]
    public static partial void HandshakeFailed(ILogger logger, string sessionId, string reason);

    [LoggerMessage(EventIds.CommandInjection, LogLevel.Warning, "Session {SessionId} from {Client}: octets followed STARTTLS in clear, dropped with the session")]
    public static partial void CommandInjection(ILogger logger, string sessionId, System.Net.IPEndPoint? client);

    [LoggerMessage(EventIds.SessionTimedOut, LogLevel.Information, "Session {SessionId} timed out in state {State}")]
    public static partial void SessionTimedOut(ILogger logger, string sessionId, SmtpState state);

    [LoggerMessage(EventIds.AuthenticationSucceeded, LogLevel.Debug, "Session {SessionId} authenticated")]
    public static partial void AuthenticationSucceeded(ILogger logger, string sessionId);

    [LoggerMessage(EventIds.AuthenticationFailed, LogLevel.Warning, "Session {SessionId} from {Client}: authentication refused with {Code}")]
    public static partial void AuthenticationFailed(ILogger logger, string sessionId, System.Net.IPEndPoint? client, int code);

    [LoggerMessage(EventIds.AuthenticationLockedOut, LogLevel.Warning, "Session {SessionId} from {Client}: locked out after too many failed authentications, answered with {Code}")]
    public static partial void AuthenticationLockedOut(ILogger logger, string sessionId, System.Net.IPEndPoint? client, int code);

    [LoggerMessage(EventIds.MessageAccepted, LogLevel.Debug, "Transaction {TransactionId}: {Size} octets to {Recipients} recipients accepted")]
    public static partial void MessageAccepted(ILogger logger, string transactionId, int size, int recipients);

    [LoggerMessage(EventIds.MessageRefused, LogLevel.Information, "Transaction {TransactionId}: refused with {Code}")]
    public static partial void MessageRefused(ILogger logger, string transactionId, int code);

    [LoggerMessage(EventIds.MessageFaulty, LogLevel.Warning, "Transaction {TransactionId} from {Client}: message refused while it was read: {Fault}")]
    public static partial void MessageFaulty(ILogger logger, string transactionId, System.Net.IPEndPoint? client, Protocol.DataFault fault);

    [LoggerMessage(EventIds.MessageNotStored, LogLevel.Warning, "Transaction {TransactionId}: could not be made durable, answered with 451: {Reason}")]
    public static partial void MessageNotStored(ILogger logger, string transactionId, string reason);

    [LoggerMessage(EventIds.IntakeFailed, LogLevel.Error, "Transaction {TransactionId}: intake failed, answered with 451")]
    public static partial void IntakeFailed(ILogger logger, Exception exception, string transactionId);
}
