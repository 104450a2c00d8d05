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
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NATS.Client.Core;

namespace MailPace.SmtpEdge.Intake.Inbound;

/// <summary>
/// Strangers' mail to us and to customers. Whatever isn't taken is refused within the session, so that nobody gets a bounce of ours for
/// a reverse-path that they never wrote. What is taken is in INBOUND before the reply: once for each destination, since each is dealt
/// with by itself. When one of several can't be stored the client comes again, and the others see the message a second time.
/// </summary>
internal sealed partial class InboundIntake(
    InboundPolicy policy,
    InboundPublisher publisher,
    EmailIds ids,
    BlobStore blobs,
    IOptions<SmtpEdgeOptions> edge,
    IOptions<IntakeOptions> intake,
    TimeProvider time,
    ILogger<InboundIntake> logger) : IMessageIntake
{
    private readonly LoopCheck _loops = new(edge.Value.HostName);

    public ValueTask<SmtpReply?> CheckReversePathAsync(SessionFacts session, Envelope envelope, CancellationToken cancellationToken) =>
        new(policy.IsReady ? null : InboundReplies.NotReady);

    public ValueTask<SmtpReply?> CheckRecipientAsync(SessionFacts session, Envelope envelope, EmailAddress recipient, CancellationToken cancellationToken) =>
        new(policy.TryFind(recipient, out _, out var refusal) ? null : refusal);

    public void WriteTraceFields(SessionFacts session, Envelope envelope, string transactionId, IBufferWriter<byte> output)
    {
        ReturnPathField.Write(envelope.ReversePath, output);
        ReceivedField.Write(session, envelope, edge.Value.HostName, transactionId, time.GetUtcNow(), output);
    }

    public async ValueTask<SmtpReply> AcceptAsync(ReceivedMessage message, CancellationToken cancellationToken)
    {
        if (_loops.IsLoop(message.Content.Span[message.MessageOffset..]))
        {
            return InboundReplies.Loop;
        }

        if (!TrySort(message.Envelope, out var destinations))
        {
            return InboundReplies.NotReady; // one went since RCPT; asked again, RCPT says so
        }

        try
        {
            return await StoreAsync(message, destinations, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is NotDurableException or NatsException)
        {
            LogNotStored(message.TransactionId, failure.Message);
            return Replies.NotStored;
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

    private async ValueTask<SmtpReply> StoreAsync(
        ReceivedMessage message, Dictionary<InboundDestination, List<InboundRecipient>> destinations, CancellationToken cancellationToken)
    {
        var id = await ids.NextAsync(cancellationToken).ConfigureAwait(false);
        var blobKey = await StoreBlobAsync(message, id, cancellationToken).ConfigureAwait(false);
        var mime = blobKey is null ? message.Content : ReadOnlyMemory<byte>.Empty;
        var publishing = new List<Task>(destinations.Count);
        foreach (var (destination, recipients) in destinations)
        {
            var own = publishing.Count == 0 ? id : await ids.NextAsync(cancellationToken).ConfigureAwait(false);
            publishing.Add(publisher.PublishAsync(FactsOf(message, own, destination, recipients, blobKey), mime));
        }

        await Task.WhenAll(publishing).ConfigureAwait(false);
        return new SmtpReply(250, "2.0.0", string.Create(CultureInfo.InvariantCulture, $"OK: stored as {id}"));
    }

    private InboundMessage FactsOf(ReceivedMessage message, long id, InboundDestination destination, List<InboundRecipient> recipients, string? blobKey) => new()
    {
        Id = id,
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
        Size = message.Content.Length,
        BlobKey = blobKey,
        TraceParent = Activity.Current?.Id,
    };

    private async ValueTask<string?> StoreBlobAsync(ReceivedMessage message, long id, CancellationToken cancellationToken)
    {
        if (message.Content.Length <= intake.Value.MaxInlineBytes)
        {
            return null;
        }

        var key = BlobStore.KeyOf(time.GetUtcNow(), id);
        await blobs.PutAsync(key, message.Content, cancellationToken).ConfigureAwait(false);
        return key;
    }

    private static string AddressOf(SessionFacts session)
    {
        var address = session.RemoteEndPoint?.Address;
        return (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString() ?? "";
    }

    [LoggerMessage(EventIds.InboundNotStored, LogLevel.Warning, "Transaction {TransactionId}: not stored in INBOUND, answered with 451: {Reason}")]
    private partial void LogNotStored(string transactionId, string reason);
}
