using System.Net;

namespace MailPace.SmtpEdge.Session;

/// <summary>What is known about a client; it travels with each message.</summary>
public sealed class SessionFacts
{
    internal SessionFacts(string id, SmtpRole role, EndPoint? remote)
    {
        Id = id;
        Role = role;
        RemoteEndPoint = remote as IPEndPoint;
    }

    /// <summary>Names the session in logs.</summary>
    public string Id { get; }

    public SmtpRole Role { get; }

    public IPEndPoint? RemoteEndPoint { get; }

    /// <summary>The argument of EHLO or HELO: a claim, of characters that are safe in a header field.</summary>
    public string? HeloName { get; private set; }

    /// <summary>Greeted with EHLO, not HELO.</summary>
    public bool IsExtended { get; private set; }

    /// <summary>Absent while the session is in clear.</summary>
    public TlsFacts? Tls { get; private set; }

    /// <summary>Absent until AUTH succeeded, and always for <see cref="SmtpRole.Inbound"/>.</summary>
    public SmtpAccount? Account { get; private set; }

    /// <summary>Whether AUTH may be asked for now: under TLS, or where somebody else sees to that.</summary>
    internal bool MayAuthenticate => Tls is not null || Role == SmtpRole.SubmissionInClear;

    internal void Greet(string name, bool extended)
    {
        HeloName = name;
        IsExtended = extended;
    }

    internal void Authenticate(SmtpAccount account) => Account = account;

    /// <summary>RFC 3207 §4.2: what the client said before TLS is forgotten.</summary>
    internal void Secure(TlsFacts tls)
    {
        HeloName = null;
        IsExtended = false;
        Account = null;
        Tls = tls;
    }
}
