namespace MailPace.Sign;

/// <summary>What became of the attempt to sign: the DKIM-Signature fields, or why there are none for now.</summary>
internal readonly record struct Signature(ReadOnlyMemory<byte> Fields, string? Problem)
{
    public static Signature Of(ReadOnlyMemory<byte> fields) => new(fields, null);

    public static Signature Missing(string problem) => new(default, problem);
}
