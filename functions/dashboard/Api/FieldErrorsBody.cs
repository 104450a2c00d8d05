namespace MailPace.Dashboard.Api;

/// <summary>What is wrong with each field.</summary>
internal sealed record FieldErrorsBody(IReadOnlyDictionary<string, string[]> Errors);
