using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using MailPace.Contracts;
using MailPace.Mail.Addresses;
using MailPace.Messaging.Blobs;
using MailPace.Messaging.Ids;
using MailPace.Messaging.Intake;
using MailPace.Messaging.Publishing;
using MailPace.SmtpEdge.Listening;
using MailPace.SmtpEdge.Protocol;
using MailPace.SmtpEdge.Session;
using Microsoft.Extensions.Options;

namespace MailPace.SmtpEdge.Intake.Inbound;

/// <summary>
/// Strangers' mail to us and to customers. Whatever isn't taken is refused within the session, so that nobody gets a bounce of ours for
/// a reverse-path that they never wrote. What is taken is in INBOUND before the reply: once for each destination, since each is dealt
/// with by itself. When one of several can't be stored the client comes again, and the others see the message a second time.
/// </summary>
internal sealed class InboundIntake(
    InboundPolicy policy,
    InboundPublisher publisher,
    EmailIds ids,
    BlobStore blobs,
    IOptions<SmtpEdgeOptions> edge,
    IOptions<IntakeOptions> intake,
    TimeProvider time) : ILargeMessageIntake
{
    private readonly LoopCheck _loops = new(edge.Value.HostName);

    public ValueTask<SmtpReply?> CheckReversePathAsync(SessionFacts session, Envelope envelope, CancellationToken cancellationToken) =>
        new(policy.IsReady && publisher.Fault is null ? null : InboundReplies.NotReady);

    public ValueTask<SmtpReply?> CheckRecipientAsync(SessionFacts session, Envelope envelope, EmailAddress recipient, CancellationToken cancellationToken) =>
        new(policy.TryFind(recipient, out _, out var refusal) ? null : refusal);

    public void WriteTraceFields(SessionFacts session, Envelope envelope, string transactionId, IBufferWriter<byte> output)
    {
        ReturnPathField.Write(envelope.ReversePath, output);
        ReceivedField.Write(session, envelope, edge.Value.HostName, transactionId, time.GetUtcNow(), output);
    }

    public int MaxInMemory => intake.Value.MaxInlineBytes;

    public async ValueTask<SmtpReply> AcceptAsync(ReceivedMessage message, CancellationToken cancellationToken)
    {
        if (_loops.IsLoop(message.Content.Span[message.MessageOffset..]))
        {
            return InboundReplies.Loop;
        }

        var id = await ids.NextAsync(cancellationToken).ConfigureAwait(false);
        if (message.Content.Length <= MaxInMemory)
        {
            return await StoreAsync(message, id, blobKey: null, message.Content.Length, cancellationToken).ConfigureAwait(false);
        }

        var key = BlobStore.KeyOf(time.GetUtcNow(), id);
        await blobs.PutAsync(key, message.Content).ConfigureAwait(false);
        return await StoreAsync(message, id, key, message.Content.Length, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<LargeMessageStart> BeginAsync(ReceivedMessage head, CancellationToken cancellationToken)
    {
        if (_loops.IsLoop(head.Content.Span[head.MessageOffset..]))
        {
            return LargeMessageStart.Refused(InboundReplies.Loop);
        }

        var id = await ids.NextAsync(cancellationToken).ConfigureAwait(false);
        var blob = blobs.Begin(BlobStore.KeyOf(time.GetUtcNow(), id));
        var message = new LargeInbound(blob, end => StoreAsync(head with { Content = default }, id, blob.Key, blob.Size, end));
        try
        {
            await message.WriteAsync(head.Content).ConfigureAwait(false);
            return LargeMessageStart.Begun(message);
        }
        catch
        {
            await message.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private bool TrySort(Envelope envelope, out Dictionary<InboundDestination, List<InboundRecipient>> destinations)
    {
        destinations = [];
        foreach (var recipient in envelope.Recipients.Distinct())
        {
            if (!policy.TryFind(recipient, out var destination, out _))
            {
                return false;
            }

            if (!destinations.TryGetValue(destination, out var recipients))
            {
                destinations[destination] = recipients = [];
            }

            recipients.Add(Describe(recipient, destination));
        }

        return true;
    }

    private InboundRecipient Describe(EmailAddress recipient, InboundDestination destination) =>
        destination.Kind == InboundKind.Bounce && policy.TryReadReturnPath(recipient, out var path)
            ? new InboundRecipient(recipient.Address) { EmailId = path.EmailId, JobNumber = path.JobNumber }
            : new InboundRecipient(recipient.Address);

    /// <summary>Puts it into INBOUND; without a blob, from the message's own content.</summary>
    private async ValueTask<SmtpReply> StoreAsync(ReceivedMessage message, long id, string? blobKey, int size, CancellationToken cancellationToken)
    {
        if (!TrySort(message.Envelope, out var destinations))
        {
            return InboundReplies.NotReady; // one went since RCPT; asked again, RCPT says so
        }

        var mime = blobKey is null ? message.Content : ReadOnlyMemory<byte>.Empty;
        var publishing = new List<Task>(destinations.Count);
        foreach (var (destination, recipients) in destinations)
        {
            var facts = FactsOf(message, destination, recipients) with
            {
                Id = publishing.Count == 0 ? id : await ids.NextAsync(cancellationToken).ConfigureAwait(false),
                Size = size,
                BlobKey = blobKey,
            };
            publishing.Add(publisher.PublishAsync(facts, mime));
        }

        await Task.WhenAll(publishing).ConfigureAwait(false);
        return new SmtpReply(250, "2.0.0", string.Create(CultureInfo.InvariantCulture, $"OK: stored as {id}"));
    }

    private InboundMessage FactsOf(ReceivedMessage message, InboundDestination destination, List<InboundRecipient> recipients) => new()
    {
        Id = 0,
        Kind = destination.Kind,
        ReceivedAt = time.GetUtcNow(),
        TransactionId = message.TransactionId,
        ClientAddress = AddressOf(message.Session),
        Helo = message.Session.HeloName ?? "",
        TlsVersion = message.Session.Tls?.Version,
        TlsCipher = message.Session.Tls?.CipherSuite.ToString(),
        ReversePath = message.Envelope.ReversePath?.Address ?? "",
        Recipients = recipients,
        OrganisationId = destination.Endpoint?.OrganisationId,
        DomainId = destination.Endpoint?.DomainId,
        EndpointId = destination.Endpoint?.Id,
        SmtpUtf8 = message.Envelope.SmtpUtf8,
        Size = 0,
        TraceParent = Activity.Current?.Id,
    };

    private static string AddressOf(SessionFacts session)
    {
        var address = session.RemoteEndPoint?.Address;
        return (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString() ?? "";
    }
}
