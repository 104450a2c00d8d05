using System.Security.Cryptography;
using MailPace.Contracts;
using MailPace.Mail.Dkim;
using MailPace.Messaging.Blobs;
using Microsoft.Extensions.Logging;

namespace MailPace.Sign;

/// <summary>Signs an email, from the bundle or from the blob store. Without usable keys there is no signature, and nothing is ever sent unsigned.</summary>
internal sealed partial class EmailSigner(Signers signers, BlobStore blobs, ILogger<EmailSigner> log)
{
    /// <summary>More header than any accepted message has.</summary>
    private const int MaximumHeader = 512 * 1024;

    public async ValueTask<Signature> SignAsync(AcceptedEmail email, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        DkimSigner? signer;
        try
        {
            signer = signers.Find(email.DomainId);
        }
        catch (CryptographicException e)
        {
            LogKeysUnusable(e, email.Domain, email.Id);
            return Signature.Missing($"The DKIM keys of {email.Domain} can't be opened.");
        }

        if (signer is null)
        {
            LogKeysMissing(email.Domain, email.Id);
            return Signature.Missing($"The directory has no DKIM keys for {email.Domain}.");
        }

        try
        {
            return Signature.Of(email.BlobKey is { } key
                ? await SignBlobAsync(signer, key, cancellationToken)
                : signer.Sign(body.Span));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Unknown, so transient: it waits, and its neighbours in the bundle don't wait with it.
            LogFailed(e, email.Id);
            return Signature.Missing($"{e.GetType().Name}: {e.Message}");
        }
    }

    private async Task<byte[]> SignBlobAsync(DkimSigner signer, string key, CancellationToken cancellationToken)
    {
        await using var content = blobs.OpenRead(key);
        var start = await ReadHeaderAsync(content, cancellationToken);
        return await signer.SignAsync(start, content, cancellationToken);
    }

    /// <summary>Reads to the empty line at least, or to the end of a message that has none.</summary>
    private static async Task<ReadOnlyMemory<byte>> ReadHeaderAsync(Stream content, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        var length = 0;
        int read;
        while ((read = await content.ReadAsync(buffer.AsMemory(length), cancellationToken)) > 0)
        {
            var from = Math.Max(0, length - 3);
            length += read;
            if (buffer.AsSpan(from, length - from).IndexOf("\r\n\r\n"u8) >= 0)
            {
                break;
            }

            if (length == buffer.Length)
            {
                if (length >= MaximumHeader)
                {
                    throw new InvalidDataException("The message has no end of its header.");
                }

                Array.Resize(ref buffer, length * 2);
            }
        }

        return buffer.AsMemory(0, length);
    }

    [LoggerMessage(EventIds.SigningFailed, LogLevel.Error, "Email {EmailId} could not be signed")]
    private partial void LogFailed(Exception exception, long emailId);

    [LoggerMessage(EventIds.KeysMissing, LogLevel.Error, "The directory has no DKIM keys for {Domain}: email {EmailId} waits for them. Create keys, or resync the directory")]
    private partial void LogKeysMissing(string domain, long emailId);

    [LoggerMessage(EventIds.KeysUnusable, LogLevel.Critical, "The DKIM keys of {Domain} can't be opened: email {EmailId} waits. Is the secret dkim-kek the one that they were sealed with?")]
    private partial void LogKeysUnusable(Exception exception, string domain, long emailId);
}
