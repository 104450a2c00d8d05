namespace MailPace.Sandbox.Reading;

/// <param name="Name">File name, when it has one.</param>
/// <param name="ContentType">Media type.</param>
/// <param name="Size">Bytes after decoding.</param>
/// <param name="ContentId">Content-ID without brackets, when it's inline.</param>
public sealed record ReceivedAttachment(string? Name, string ContentType, long Size, string? ContentId);
