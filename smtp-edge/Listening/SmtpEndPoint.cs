using System.Net;
using MailPace.SmtpEdge.Session;

namespace MailPace.SmtpEdge.Listening;

/// <summary>A port that is bound.</summary>
public sealed record SmtpEndPoint(SmtpRole Role, IPEndPoint Address);
