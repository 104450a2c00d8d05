using System.Text;
using MailPace.Mail.Addresses;
using MailPace.SmtpEdge.Protocol;
using MailPace.SmtpEdge.Session;

namespace MailPace.SmtpEdge.Commands;

/// <summary>RCPT (RFC 5321 §4.1.1.3). Intake says who may be written to.</summary>
internal sealed class RcptCommand : ISmtpCommand
{
    public async ValueTask<CommandOutcome> ExecuteAsync(SmtpSession session, ReadOnlyMemory<byte> arguments)
    {
        var envelope = session.Envelope!;
        if (Parse(session, envelope, arguments.Span, out var recipient, out var dsn) is { } fault)
        {
            return CommandOutcome.Refused(fault);
        }

        if (envelope.Recipients.Count >= session.Options.MaxRecipients || !envelope.HasRoomFor(dsn))
        {
            return CommandOutcome.Refused(Replies.TooManyRecipients); // RFC 5321 §4.5.3.1.10: 452, the client sends the rest in another transaction
        }

        var refusal = await session.Intake.CheckRecipientAsync(session.Facts, envelope, recipient, session.Services.Abandoned).ConfigureAwait(false);
        if (refusal is not null)
        {
            return CommandOutcome.Refused(refusal);
        }

        envelope.Add(recipient, dsn);
        return CommandOutcome.Done(Replies.RecipientOk);
    }

    private static SmtpReply? Parse(SmtpSession session, Envelope envelope, ReadOnlySpan<byte> arguments, out EmailAddress recipient, out RecipientDsn dsn)
    {
        recipient = default;
        dsn = default;
        if (!PathArgument.TryParse(arguments, "TO:"u8, out var argument))
        {
            return Replies.RcptSyntax;
        }

        if (!PathParser.TryParse(argument.Path, out recipient) && !IsPostmaster(session, argument.Path, out recipient))
        {
            return Replies.RecipientSyntax;
        }

        if (!argument.Parameters.IsEmpty && !(session.OffersDsn && session.Facts.IsExtended))
        {
            return Replies.UnknownParameter;
        }

        if (RecipientParameters.Parse(argument.Parameters, out dsn) is { } fault)
        {
            return fault;
        }

        return !envelope.SmtpUtf8 && PathParser.NeedsUtf8(argument.Path) ? Replies.RecipientNeedsUtf8 : null;
    }

    /// <summary>The one address without a domain (RFC 5321 §4.5.1): whoever runs this server.</summary>
    private static bool IsPostmaster(SmtpSession session, ReadOnlySpan<byte> path, out EmailAddress recipient)
    {
        recipient = default;
        return Ascii.EqualsIgnoreCase(path, "postmaster"u8) && EmailAddress.TryParse($"postmaster@{session.Options.HostName}", out recipient);
    }
}
