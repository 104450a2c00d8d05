namespace MailPace.Hosting;

/// <summary>
/// Log event ids. Each project has its own file of this name with a range of its own, so that an id names one event of the platform:
/// <list type="table">
/// <item><term>1000–1999</term><description>MailPace.Mail</description></item>
/// <item><term>2000–2999</term><description>MailPace.Messaging</description></item>
/// <item><term>3000–3999</term><description>MailPace.Smtp</description></item>
/// <item><term>4000–4999</term><description>MailPace.Storage</description></item>
/// <item><term>5000–5999</term><description>MailPace.Hosting (this file)</description></item>
/// <item><term>6000–6099</term><description>smtp-edge</description></item>
/// <item><term>6100–6199</term><description>functions/send</description></item>
/// <item><term>6200–6299</term><description>functions/sign</description></item>
/// <item><term>6300–6399</term><description>functions/deliver</description></item>
/// <item><term>6400–6499</term><description>functions/record</description></item>
/// <item><term>6800–6899</term><description>functions/webhook</description></item>
/// <item><term>7000–7099</term><description>sandbox</description></item>
/// <item><term>8000–8099</term><description>host</description></item>
/// </list>
/// </summary>
internal static class EventIds
{
    public const int StartFailed = 5000;
    public const int Listening = 5001;
    public const int DrainStarted = 5010;
    public const int DrainEnded = 5011;
    public const int NotReady = 5020;
    public const int ReadyAgain = 5021;
    public const int CertificateReloaded = 5030;
    public const int CertificateUnreadable = 5031;
    public const int CertificateExpires = 5032;
    public const int WaitingForNats = 5040;
    public const int NatsAnswers = 5041;
    public const int WaitingForPostgres = 5042;
    public const int PostgresAnswers = 5043;
}
