using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MailPace.Contracts.Directory;
using MailPace.Mail.Headers;

namespace MailPace.Mail.Dkim;

/// <summary>
/// Signs messages as they will be sent: relaxed/relaxed, no <c>l=</c>, each field that identifies or shapes a message listed once more
/// than it occurs, so that a second one added later breaks the signature (RFC 6376 §8.15). One body hash serves all keys.
/// Works on raw octets; safe for many threads.
/// </summary>
public sealed class DkimSigner(string domain, IReadOnlyList<DkimSigningKey> keys, TimeProvider time) : IDisposable
{
    /// <summary>Signed and oversigned, in this order.</summary>
    private static readonly byte[][] SignedNames =
    [
        .. ((string[])[
            "From", "To", "Cc", "Subject", "Date", "Message-ID", "Reply-To", "In-Reply-To", "References", "Sender", "MIME-Version",
            "Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "Content-ID", "List-Unsubscribe", "List-Unsubscribe-Post",
        ]).Select(Encoding.ASCII.GetBytes),
    ];

    public string Domain => domain;

    /// <returns>The DKIM-Signature fields, one for each key, CRLF after each: to be put in front of the message.</returns>
    public byte[] Sign(ReadOnlySpan<byte> message)
    {
        var reader = ReadHeader(message, out var fields);
        using var body = new RelaxedBody();
        body.Append(message[reader..]);
        return Sign(message[..reader], fields, body.Finish());
    }

    /// <summary>For a message that isn't held in memory: its header including the empty line, and the rest as a stream.</summary>
    public async Task<byte[]> SignAsync(ReadOnlyMemory<byte> start, Stream rest, CancellationToken cancellationToken)
    {
        var bodyOffset = ReadHeader(start.Span, out var fields);
        using var body = new RelaxedBody();
        body.Append(start.Span[bodyOffset..]);
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            int read;
            while ((read = await rest.ReadAsync(buffer, cancellationToken)) > 0)
            {
                body.Append(buffer.AsSpan(0, read));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return Sign(start.Span[..bodyOffset], fields, body.Finish());
    }

    public void Dispose()
    {
        foreach (var key in keys)
        {
            key.Dispose();
        }
    }

    private static int ReadHeader(ReadOnlySpan<byte> message, out List<HeaderField> fields)
    {
        fields = new List<HeaderField>(24);
        var reader = new HeaderReader(message);
        while (reader.TryRead(out var field))
        {
            fields.Add(field);
        }

        // Such a message is refused when it's handed in. A signature over the part that could be read would be a lie.
        return reader.IsMalformed
            ? throw new InvalidDataException($"The header can't be signed: {reader.Fault}.")
            : reader.BodyOffset;
    }

    private byte[] Sign(ReadOnlySpan<byte> header, List<HeaderField> fields, string bodyHash)
    {
        var canonical = new ArrayBufferWriter<byte>(4096);
        var names = new StringBuilder(256);
        foreach (var name in SignedNames)
        {
            // From the bottom up (RFC 6376 §5.4.2), then once more for the one that must not appear.
            var text = Encoding.ASCII.GetString(name);
            for (var i = fields.Count - 1; i >= 0; i--)
            {
                if (fields[i].Is(header, name))
                {
                    RelaxedHeader.Write(canonical, header, fields[i]);
                    names.Append(text).Append(':');
                }
            }

            names.Append(text).Append(':');
        }

        names.Length--;
        var output = new ArrayBufferWriter<byte>(1536);
        foreach (var key in keys)
        {
            WriteSignature(output, canonical.WrittenSpan, key, names, bodyHash);
        }

        return output.WrittenSpan.ToArray();
    }

    private void WriteSignature(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> canonicalFields, DkimSigningKey key, StringBuilder names, string bodyHash)
    {
        var algorithm = key.Algorithm switch
        {
            DkimAlgorithm.RsaSha256 => "rsa-sha256",
            DkimAlgorithm.Ed25519Sha256 => "ed25519-sha256",
        };
        var field = new StringBuilder(1024)
            .Append(CultureInfo.InvariantCulture, $"DKIM-Signature: v=1; a={algorithm}; c=relaxed/relaxed; d={domain};\r\n s={key.Selector}; t={time.GetUtcNow().ToUnixTimeSeconds()};\r\n h=");
        AppendFolded(field, names.ToString(), ':');
        field.Append(";\r\n bh=").Append(bodyHash).Append(";\r\n b=");
        var unsigned = Encoding.ASCII.GetBytes(field.ToString());
        var own = new ArrayBufferWriter<byte>(1024);
        own.Write("dkim-signature:"u8);
        RelaxedHeader.WriteValue(own, unsigned.AsSpan("DKIM-Signature:".Length));

        Span<byte> digest = stackalloc byte[32];
        using (var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256))
        {
            hash.AppendData(canonicalFields);
            hash.AppendData(own.WrittenSpan);
            hash.GetHashAndReset(digest);
        }

        field.Clear();
        AppendBase64(field, Convert.ToBase64String(key.Sign(digest)));
        output.Write(unsigned);
        output.Write(Encoding.ASCII.GetBytes(field.Append("\r\n").ToString()));
    }

    private static void AppendFolded(StringBuilder field, string list, char separator)
    {
        var column = 3;
        foreach (var range in list.AsSpan().Split(separator))
        {
            var item = list.AsSpan(range);
            if (column + item.Length > 72)
            {
                field.Append("\r\n  ");
                column = 2;
            }

            field.Append(item);
            column += item.Length + 1;
            if (range.End.Value < list.Length)
            {
                field.Append(separator);
            }
        }
    }

    private static void AppendBase64(StringBuilder field, string base64)
    {
        for (var at = 0; at < base64.Length; at += 72)
        {
            field.Append(at == 0 ? "" : "\r\n  ").Append(base64, at, Math.Min(72, base64.Length - at));
        }
    }
}
