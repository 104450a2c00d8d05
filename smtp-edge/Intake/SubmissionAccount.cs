using MailPace.Messaging.Intake;
using MailPace.SmtpEdge.Session;

namespace MailPace.SmtpEdge.Intake;

/// <summary>A customer's API token, as AUTH found it.</summary>
internal sealed record SubmissionAccount(SubmissionSession Session) : SmtpAccount;
