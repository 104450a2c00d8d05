using System.Text;
using MailPace.Contracts;
using MailPace.SmtpEdge.Protocol;

namespace MailPace.SmtpEdge.Commands;

/// <summary>The parameters of MAIL: SIZE (RFC 1870), BODY (RFC 6152), SMTPUTF8 (RFC 6531), RET and ENVID (RFC 3461); AUTH= (RFC 4954 §5) is taken and ignored.</summary>
internal readonly record struct MailParameters
{
    private const int LongestEnvelopeId = 100;

    public long? Size { get; private init; }

    /// <summary>Absent when BODY wasn't given.</summary>
    public bool? EightBit { get; private init; }

    public bool Utf8 { get; private init; }

    public bool HasAuth { get; private init; }

    public DsnReturn? Return { get; private init; }

    public string? EnvelopeId { get; private init; }

    /// <param name="text">The parameters.</param>
    /// <param name="dsn">Those of RFC 3461 are offered.</param>
    /// <param name="parameters">What they say.</param>
    /// <returns>Why they are refused.</returns>
    public static SmtpReply? Parse(ReadOnlySpan<byte> text, bool dsn, out MailParameters parameters)
    {
        parameters = default;
        var reader = new ParameterReader(text);
        while (reader.TryRead())
        {
            bool good;
            if (reader.Is("SIZE"u8))
            {
                good = OctetCount.TryParse(reader.Value, out var declared) && parameters.Size is null;
                parameters = parameters with { Size = declared };
            }
            else if (reader.Is("BODY"u8))
            {
                var eightBit = Ascii.EqualsIgnoreCase(reader.Value, "8BITMIME"u8);
                good = parameters.EightBit is null && (eightBit || Ascii.EqualsIgnoreCase(reader.Value, "7BIT"u8));
                parameters = parameters with { EightBit = eightBit };
            }
            else if (reader.Is("SMTPUTF8"u8))
            {
                good = !parameters.Utf8 && !reader.HasValue;
                parameters = parameters with { Utf8 = true };
            }
            else if (reader.Is("AUTH"u8))
            {
                good = !parameters.HasAuth && reader.HasValue;
                parameters = parameters with { HasAuth = true };
            }
            else if (dsn && reader.Is("RET"u8))
            {
                var full = Ascii.EqualsIgnoreCase(reader.Value, "FULL"u8);
                good = parameters.Return is null && (full || Ascii.EqualsIgnoreCase(reader.Value, "HDRS"u8));
                parameters = parameters with { Return = full ? DsnReturn.Full : DsnReturn.Headers };
            }
            else if (dsn && reader.Is("ENVID"u8))
            {
                good = XText.TryDecode(reader.Value, out var id) && id.Length <= LongestEnvelopeId && parameters.EnvelopeId is null;
                parameters = parameters with { EnvelopeId = id };
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
