using System.Security.Cryptography;
using System.Text;
using MailPace.Messaging.Intake;
using MailPace.SmtpEdge.Protocol;

namespace MailPace.SmtpEdge.Intake;

/// <summary>A customer's message that is stored while it comes; what its header says is known from the start.</summary>
/// <param name="intake">The way in.</param>
/// <param name="email">Takes the octets.</param>
/// <param name="submission">All but what only the whole message tells.</param>
/// <param name="hash">Over the envelope; with an idempotency key.</param>
internal sealed class LargeSubmission(EmailIntake intake, LargeEmail email, Submission submission, IncrementalHash? hash) : LargeMessage
{
    private bool _isEightBit;

    /// <summary>Takes the head of the message.</summary>
    /// <param name="prepared">The header as it is kept.</param>
    /// <param name="submitted">The header as it came.</param>
    /// <param name="body">What came of the body.</param>
    public async ValueTask BeginAsync(ReadOnlyMemory<byte> prepared, ReadOnlyMemory<byte> submitted, ReadOnlyMemory<byte> body)
    {
        hash?.AppendData(submitted.Span);
        _isEightBit = !Ascii.IsValid(submitted.Span);
        await email.WriteAsync(prepared).ConfigureAwait(false);
        await WriteAsync(body).ConfigureAwait(false);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> octets)
    {
        hash?.AppendData(octets.Span);
        _isEightBit = _isEightBit || !Ascii.IsValid(octets.Span);
        return email.WriteAsync(octets);
    }

    public override async ValueTask<SmtpReply> CompleteAsync(CancellationToken cancellationToken)
    {
        var whole = submission with
        {
            EightBitMime = _isEightBit,
            RequestHash = hash is null ? null : Convert.ToBase64String(hash.GetHashAndReset()),
        };
        if (await SubmissionIntake.FindRepeatAsync(intake, whole, cancellationToken).ConfigureAwait(false) is { } repeat)
        {
            return SubmissionIntake.ReplyTo(repeat);
        }

        var stored = await email.CompleteAsync().ConfigureAwait(false);
        return SubmissionIntake.ReplyTo(await intake.AcceptAsync(whole with { Stored = stored }, cancellationToken).ConfigureAwait(false));
    }

    public override ValueTask DisposeAsync()
    {
        hash?.Dispose();
        return email.DisposeAsync();
    }
}
