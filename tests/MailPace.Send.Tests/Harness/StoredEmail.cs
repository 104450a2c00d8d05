using MailPace.Contracts;
using MimeKit;

namespace MailPace.Send.Tests.Harness;

/// <summary>An email as MAIL has it.</summary>
public sealed record StoredEmail(AcceptedEmail Facts, byte[] Mime)
{
    public MimeMessage Message() => MimeMessage.Load(new MemoryStream(Mime));

    public IEnumerable<string> HeaderNames() => Message().Headers.Select(static header => header.Field);
}
