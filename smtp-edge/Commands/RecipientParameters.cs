using System.Buffers;
using System.Text;
using MailPace.Contracts;
using MailPace.SmtpEdge.Protocol;
using MailPace.SmtpEdge.Session;

namespace MailPace.SmtpEdge.Commands;

/// <summary>The parameters of RCPT: NOTIFY and ORCPT (RFC 3461 §4.1, §4.2).</summary>
internal static class RecipientParameters
{
    private const int LongestOriginalRecipient = 500;

    private static readonly SearchValues<byte> AddressType = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-"u8);

    /// <returns>Why they are refused.</returns>
    public static SmtpReply? Parse(ReadOnlySpan<byte> parameters, out RecipientDsn dsn)
    {
        DsnNotify? notify = null;
        string? original = null;
        dsn = default;
        var reader = new ParameterReader(parameters);
        while (reader.TryRead())
        {
            bool good;
            if (reader.Is("NOTIFY"u8))
            {
                good = TryParseNotify(reader.Value, out var wanted) && notify is null;
                notify = wanted;
            }
            else if (reader.Is("ORCPT"u8))
            {
                good = TryParseOriginal(reader.Value, out var given) && original is null;
                original = given;
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

        dsn = new RecipientDsn(notify, original);
        return null;
    }

    private static bool TryParseNotify(ReadOnlySpan<byte> value, out DsnNotify notify)
    {
        notify = DsnNotify.Never;
        if (Ascii.EqualsIgnoreCase(value, "NEVER"u8))
        {
            return true;
        }

        foreach (var range in value.Split((byte)','))
        {
            var word = value[range];
            var one = Ascii.EqualsIgnoreCase(word, "SUCCESS"u8) ? DsnNotify.Success
                : Ascii.EqualsIgnoreCase(word, "FAILURE"u8) ? DsnNotify.Failure
                : Ascii.EqualsIgnoreCase(word, "DELAY"u8) ? DsnNotify.Delay
                : DsnNotify.Never;
            if (one == DsnNotify.Never)
            {
                return false; // no word, or NEVER among others
            }

            notify |= one;
        }

        return true;
    }

    private static bool TryParseOriginal(ReadOnlySpan<byte> value, out string original)
    {
        original = "";
        var end = value.IndexOf((byte)';');
        if (end <= 0 || value.Length > LongestOriginalRecipient || value[..end].ContainsAnyExcept(AddressType) || !XText.TryDecode(value[(end + 1)..], out var address))
        {
            return false;
        }

        original = $"{Encoding.ASCII.GetString(value[..end])};{address}";
        return true;
    }
}
