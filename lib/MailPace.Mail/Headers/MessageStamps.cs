using System.Buffers.Binary;
using System.Globalization;

namespace MailPace.Mail.Headers;

/// <summary>What a message gets once in its life: its Message-ID and its Date.</summary>
/// <param name="time">The clock of the Date.</param>
/// <param name="random">The source of Message-IDs; one that is safe across threads (<see cref="Random.Shared"/>) where the stamps are shared.</param>
public sealed class MessageStamps(TimeProvider time, Random random)
{
    /// <summary>A Message-ID with its angle brackets: 128 random bits at the domain (RFC 5322 §3.6.4).</summary>
    public string NewMessageId(string domain)
    {
        Span<byte> bits = stackalloc byte[16];
        random.NextBytes(bits);
        return $"<{Convert.ToHexStringLower(bits)}@{domain}>";
    }

    /// <summary>The moment in the form of RFC 5322 §3.3, in UTC.</summary>
    public string Date()
        => time.GetUtcNow().ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture);

    /// <summary>A string that stands nowhere in a message by chance.</summary>
    internal string NewBoundary()
    {
        Span<byte> bits = stackalloc byte[16];
        random.NextBytes(bits);

        // "=_" can't occur in quoted-printable or base64 text (RFC 2045 §6.7).
        return string.Create(CultureInfo.InvariantCulture, $"=_{BinaryPrimitives.ReadUInt128BigEndian(bits):x32}");
    }
}
