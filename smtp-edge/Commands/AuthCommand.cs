using System.Buffers;
using System.Buffers.Text;
using System.Text;
using MailPace.SmtpEdge.Intake;
using MailPace.SmtpEdge.Protocol;
using MailPace.SmtpEdge.Session;

namespace MailPace.SmtpEdge.Commands;

/// <summary>AUTH (RFC 4954) with PLAIN (RFC 4616) and LOGIN. Under TLS, except on a listener that is told otherwise: the transition table sees to that.</summary>
internal sealed class AuthCommand : ISmtpCommand
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public async ValueTask<CommandOutcome> ExecuteAsync(SmtpSession session, ReadOnlyMemory<byte> arguments)
    {
        var (mechanism, initial) = Split(arguments);
        if (Ascii.EqualsIgnoreCase(mechanism.Span, "PLAIN"u8))
        {
            return await PlainAsync(session, initial).ConfigureAwait(false);
        }

        return Ascii.EqualsIgnoreCase(mechanism.Span, "LOGIN"u8)
            ? await LoginAsync(session, initial).ConfigureAwait(false)
            : CommandOutcome.Refused(Replies.UnknownMechanism);
    }

    private static async ValueTask<CommandOutcome> PlainAsync(SmtpSession session, ReadOnlyMemory<byte>? initial)
    {
        var response = initial is { } given ? Decode(given.Span) : await AskAsync(session, Replies.PlainChallenge).ConfigureAwait(false);
        if (response.Fault is { } fault)
        {
            return fault;
        }

        // [authzid] NUL authcid NUL passwd
        var parts = response.Text.Split('\0');
        if (parts.Length != 3)
        {
            return CommandOutcome.Refused(Replies.BadBase64);
        }

        // Acting for another account is nothing we have: an authorisation identity is empty or the user's own.
        var userName = parts[0].Length == 0 || parts[0] == parts[1] ? parts[1] : "";
        return await CheckAsync(session, userName, parts[2]).ConfigureAwait(false);
    }

    private static async ValueTask<CommandOutcome> LoginAsync(SmtpSession session, ReadOnlyMemory<byte>? initial)
    {
        var userName = initial is { } given ? Decode(given.Span) : await AskAsync(session, Replies.UserNameChallenge).ConfigureAwait(false);
        if (userName.Fault is { } fault)
        {
            return fault;
        }

        var password = await AskAsync(session, Replies.PasswordChallenge).ConfigureAwait(false);
        return password.Fault ?? await CheckAsync(session, userName.Text, password.Text).ConfigureAwait(false);
    }

    private static async ValueTask<CommandOutcome> CheckAsync(SmtpSession session, string userName, string password)
    {
        var guard = session.Services.Authentications;
        var client = ClientKey.Of(session.Facts.RemoteEndPoint);
        var user = ClientKey.Of(userName);
        if (guard.IsLockedOut(client, user, out var lockedOut))
        {
            return LockedOut(session, lockedOut);
        }

        var intake = (ISubmissionIntake)session.Intake;
        var result = await intake.AuthenticateAsync(userName, password, session.Services.Abandoned).ConfigureAwait(false);
        if (result.Account is { } account)
        {
            guard.Succeeded(client, user);
            session.Facts.Authenticate(account);
            session.Services.Metrics.Authenticated("accepted");
            SessionLog.AuthenticationSucceeded(session.Services.Logger, session.Facts.Id);
            return CommandOutcome.Done(Replies.Authenticated);
        }

        var refusal = result.Refusal!;
        session.Services.Metrics.Authenticated(result.AreUnknown ? "unknown" : refusal.Code < 500 ? "deferred" : "refused");
        SessionLog.AuthenticationFailed(session.Services.Logger, session.Facts.Id, session.Facts.RemoteEndPoint, refusal.Code);
        if (result.AreUnknown)
        {
            await session.PauseAsync(guard.Failed(client, user)).ConfigureAwait(false);
        }

        if (refusal.Code >= 500 && ++session.AuthenticationFailures >= session.Options.MaxAuthenticationFailures)
        {
            session.Say(refusal);
            return CommandOutcome.Close(Replies.TooManyAuthentications);
        }

        return CommandOutcome.Refused(refusal);
    }

    /// <summary>The credentials aren't even looked at, so that nobody learns anything from going on.</summary>
    private static CommandOutcome LockedOut(SmtpSession session, SmtpReply reply)
    {
        session.Services.Metrics.Authenticated("locked_out");
        SessionLog.AuthenticationLockedOut(session.Services.Logger, session.Facts.Id, session.Facts.RemoteEndPoint, reply.Code);
        return reply.Code == 421 || ++session.AuthenticationFailures >= session.Options.MaxAuthenticationFailures
            ? CommandOutcome.Close(reply)
            : CommandOutcome.Refused(reply);
    }

    private static async ValueTask<Response> AskAsync(SmtpSession session, SmtpReply challenge)
    {
        session.Say(challenge);
        var (status, line) = await session.ReadLineAsync().ConfigureAwait(false);
        return status switch
        {
            LineStatus.Incomplete => new Response(CommandOutcome.Close(null)),
            LineStatus.TooLong => new Response(CommandOutcome.Refused(Replies.LineTooLong)),
            LineStatus.Malformed => new Response(CommandOutcome.Refused(Replies.MalformedLine)),
            LineStatus.Line when line.Span is [(byte)'*'] => new Response(CommandOutcome.Refused(Replies.AuthenticationCancelled)),
            LineStatus.Line => Decode(line.Span),
        };
    }

    private static (ReadOnlyMemory<byte> Mechanism, ReadOnlyMemory<byte>? Initial) Split(ReadOnlyMemory<byte> arguments)
    {
        var end = arguments.Span.IndexOf((byte)' ');
        return end < 0 ? (arguments, default(ReadOnlyMemory<byte>?)) : (arguments[..end], arguments[(end + 1)..].Trim(" "u8));
    }

    private static Response Decode(ReadOnlySpan<byte> base64)
    {
        if (base64 is [(byte)'='])
        {
            return new Response(""); // RFC 4954 §4: an initial response that is there, and empty
        }

        var octets = new byte[Base64.GetMaxDecodedFromUtf8Length(base64.Length)];
        if (Base64.DecodeFromUtf8(base64, octets, out _, out var count) != OperationStatus.Done)
        {
            return new Response(CommandOutcome.Refused(Replies.BadBase64));
        }

        try
        {
            return new Response(StrictUtf8.GetString(octets, 0, count));
        }
        catch (DecoderFallbackException)
        {
            return new Response(CommandOutcome.Refused(Replies.BadBase64));
        }
    }

    /// <summary>What a client answered, decoded, or how the exchange ended instead.</summary>
    private readonly record struct Response
    {
        public Response(string text) => Text = text;

        public Response(CommandOutcome fault) => (Text, Fault) = ("", fault);

        public string Text { get; }

        public CommandOutcome? Fault { get; }
    }
}
