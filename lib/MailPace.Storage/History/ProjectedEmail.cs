using MailPace.Contracts;

namespace MailPace.Storage.History;

/// <summary>An accepted email on its way into history.</summary>
public sealed record ProjectedEmail
{
    public required AcceptedEmail Email { get; init; }

    public required int MailPartition { get; init; }

    public required long MailSequence { get; init; }

    /// <summary>Number of the job that carries each recipient, by ordinal.</summary>
    public required IReadOnlyList<int> JobNumbers { get; init; }

    /// <summary>The MIME; empty when it is in the blob store.</summary>
    public required ReadOnlyMemory<byte> Content { get; init; }
}
