namespace MailPace.Messaging.Intake;

/// <summary>A message that is in the blob store before its email is accepted.</summary>
/// <param name="EmailId">The id that the email gets.</param>
/// <param name="BlobKey">Where it is.</param>
/// <param name="Size">Its bytes.</param>
public sealed record StoredMessage(long EmailId, string BlobKey, int Size);
