using MailPace.Mail.Addresses;
using MailPace.SmtpEdge.Protocol;
using MailPace.SmtpEdge.Session;

namespace MailPace.SmtpEdge.Commands;

/// <summary>MAIL (RFC 5321 §4.1.1.2): begins a transaction.</summary>
internal sealed class MailCommand : ISmtpCommand
{
    public async ValueTask<CommandOutcome> ExecuteAsync(SmtpSession session, ReadOnlyMemory<byte> arguments)
    {
        if (Parse(session, arguments.Span, out var envelope) is { } fault)
        {
            return CommandOutcome.Refused(fault);
        }

        var refusal = await session.Intake.CheckReversePathAsync(session.Facts, envelope, session.Services.Abandoned).ConfigureAwait(false);
        if (refusal is not null)
        {
            return CommandOutcome.Refused(refusal);
        }

        session.Envelope = envelope;
        return CommandOutcome.Done(Replies.ReversePathOk);
    }

    private static SmtpReply? Parse(SmtpSession session, ReadOnlySpan<byte> arguments, out Envelope envelope)
    {
        envelope = new Envelope();
        if (!PathArgument.TryParse(arguments, "FROM:"u8, out var argument))
        {
            return Replies.MailSyntax;
        }

        EmailAddress address = default;
        if (!argument.Path.IsEmpty && !PathParser.TryParse(argument.Path, out address))
        {
            return Replies.ReversePathSyntax;
        }

        if (!session.Facts.IsExtended && !argument.Parameters.IsEmpty)
        {
            return Replies.UnknownParameter;
        }

        if (MailParameters.Parse(argument.Parameters, session.OffersDsn, out var parameters) is { } fault)
        {
            return fault;
        }

        if (parameters.Size > session.Options.MaxMessageSize)
        {
            return session.Services.TooLarge;
        }

        if (!parameters.Utf8 && PathParser.NeedsUtf8(argument.Path))
        {
            return Replies.ReversePathNeedsUtf8;
        }

        envelope = new Envelope
        {
            ReversePath = argument.Path.IsEmpty ? null : address,
            DeclaredSize = parameters.Size,
            EightBitMime = parameters.EightBit ?? false,
            SmtpUtf8 = parameters.Utf8,
            DsnReturn = parameters.Return,
            EnvelopeId = parameters.EnvelopeId,
        };
        return null;
    }
}
