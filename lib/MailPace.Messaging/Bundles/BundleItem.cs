namespace MailPace.Messaging.Bundles;

/// <summary>One email or event within a bundle.</summary>
/// <param name="EmailId">The email that it is about; of a message that came in, its own id.</param>
/// <param name="Metadata">JSON of <c>AcceptedEmail</c>, <c>EmailEvent</c> or <c>InboundMessage</c>, UTF-8.</param>
/// <param name="Body">MIME bytes; empty for an event, and for an email in the blob store.</param>
public readonly record struct BundleItem(long EmailId, ReadOnlyMemory<byte> Metadata, ReadOnlyMemory<byte> Body)
{
    /// <summary>Bytes that it takes in the bundle.</summary>
    public int EncodedSize => sizeof(long) + sizeof(int) + Metadata.Length + sizeof(int) + Body.Length;
}
