using MailPace.Mail.Submission;

namespace MailPace.Send.Tests.Harness;

/// <summary>An organisation with one domain and one token.</summary>
public sealed record Account(long DomainId, string Domain, string Token)
{
    public string From => $"app@{Domain}";

    public string SecretHash => TokenSecret.Hash(Token);
}
