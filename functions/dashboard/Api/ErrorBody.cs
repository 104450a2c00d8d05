namespace MailPace.Dashboard.Api;

/// <summary>Why a request was refused as a whole.</summary>
internal sealed record ErrorBody(string Error);
