namespace MailPace.Dashboard.Api;

/// <summary>What was done.</summary>
internal sealed record MessageBody(string Message);
