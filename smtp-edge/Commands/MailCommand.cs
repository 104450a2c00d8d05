using System.Text;
using MailPace.Mail.Addresses;
using MailPace.SmtpEdge.Protocol;
using MailPace.SmtpEdge.Session;

namespace MailPace.SmtpEdge.Commands;

/// <summary>MAIL (RFC 5321 §4.1.1.2) with SIZE (RFC 1870), BODY (RFC 6152), SMTPUTF8 (RFC 6531); AUTH= (RFC 4954 §5) is taken and ignored.</summary>
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

        var fault = ParseParameters(argument.Parameters, out var size, out var eightBit, out var utf8);
        if (fault is not null)
        {
            return fault;
        }

        if (size > session.Options.MaxMessageSize)
        {
            return session.Services.TooLarge;
        }

        if (!utf8 && PathParser.NeedsUtf8(argument.Path))
        {
            return Replies.ReversePathNeedsUtf8;
        }

        envelope = new Envelope
        {
            ReversePath = argument.Path.IsEmpty ? null : address,
            DeclaredSize = size,
            EightBitMime = eightBit,
            SmtpUtf8 = utf8,
        };
        return null;
    }

    private static SmtpReply? ParseParameters(ReadOnlySpan<byte> parameters, out long? size, out bool eightBit, out bool utf8)
    {
        (size, eightBit, utf8) = (null, false, false);
        var (body, auth) = (false, false);
        var reader = new ParameterReader(parameters);
        while (reader.TryRead())
        {
            bool good;
            if (reader.Is("SIZE"u8))
            {
                good = OctetCount.TryParse(reader.Value, out var declared) && size is null;
                size = declared;
            }
            else if (reader.Is("BODY"u8))
            {
                eightBit = Ascii.EqualsIgnoreCase(reader.Value, "8BITMIME"u8);
                good = !body && (eightBit || Ascii.EqualsIgnoreCase(reader.Value, "7BIT"u8));
                body = true;
            }
            else if (reader.Is("SMTPUTF8"u8))
            {
                good = !utf8 && !reader.HasValue;
                utf8 = true;
            }
            else if (reader.Is("AUTH"u8))
            {
                good = !auth && reader.HasValue;
                auth = true;
            }
            else
            {
                return Replies.UnknownParameter;
            }

            if (!good)
            {
                return Replies.BadParameter;
            }
        }

        return null;
    }
}
