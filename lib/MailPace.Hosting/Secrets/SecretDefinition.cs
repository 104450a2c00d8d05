namespace MailPace.Hosting.Secrets;

/// <summary>A secret of random bytes, kept as base64 in a file of its name.</summary>
/// <param name="Name">Name of the file.</param>
/// <param name="Length">Bytes after decoding.</param>
/// <param name="Purpose">What it's for, for the operator who has to make it.</param>
public sealed record SecretDefinition(string Name, int Length, string Purpose);
