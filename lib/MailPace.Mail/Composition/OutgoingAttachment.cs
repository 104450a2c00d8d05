namespace MailPace.Mail.Composition;

/// <summary>A file of an outgoing email.</summary>
public sealed record OutgoingAttachment
{
    /// <summary>File name as the client gave it; path, controls and bidirectional marks are taken off.</summary>
    public required string Name { get; init; }

    public required ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>Media type, or an extension such as <c>.png</c>; what can't be read is looked up by the name.</summary>
    public string? ContentType { get; init; }

    /// <summary>Makes it inline: <c>x</c>, <c>&lt;x&gt;</c> or <c>cid:x</c>.</summary>
    public string? ContentId { get; init; }
}
