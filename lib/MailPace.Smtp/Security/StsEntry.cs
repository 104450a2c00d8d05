namespace MailPace.Smtp.Security;

/// <summary>A fetched policy, as it's remembered.</summary>
/// <param name="Id">Of the TXT record that led to it: another id says that there is a newer one.</param>
/// <param name="Text">As published.</param>
/// <param name="FetchedAt">When.</param>
public sealed record StsEntry(string Id, string Text, DateTimeOffset FetchedAt);
