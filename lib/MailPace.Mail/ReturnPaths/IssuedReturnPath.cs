namespace MailPace.Mail.ReturnPaths;

/// <summary>What a return-path of ours says.</summary>
/// <param name="EmailId">The email.</param>
/// <param name="JobNumber">The job within it; names the recipients.</param>
/// <param name="IssuedOn">The day it was issued, UTC.</param>
public readonly record struct IssuedReturnPath(long EmailId, int JobNumber, DateOnly IssuedOn);
