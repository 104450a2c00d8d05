using System.ComponentModel.DataAnnotations;

namespace MailPace.SmtpEdge.Listening;

/// <summary>An SMTP server: where it listens, who it says it is, and what it bears.</summary>
public sealed class SmtpEdgeOptions : IValidatableObject
{
    public const string SectionName = "SmtpEdge";

    /// <summary>Name in the greeting and in Received fields. Default: <c>localhost</c>.</summary>
    [Required(AllowEmptyStrings = false)]
    public string HostName { get; set; } = "localhost";

    /// <summary>Where to listen, and for what. Default: nowhere.</summary>
    public IList<SmtpListenerOptions> Listeners { get; init; } = [];

    /// <summary>
    /// PEM file with the certificate and the certificates that lead to its root; for clients that name no host (SNI), or one that no certificate
    /// has. Read again when it changes. Default: none, so no TLS.
    /// </summary>
    public string? CertificatePath { get; set; }

    /// <summary>PEM file with the private key. Default: the key is in <see cref="CertificatePath"/>.</summary>
    public string? CertificateKeyPath { get; set; }

    /// <summary>Further certificates, for clients that name a host in them: exactly, or by a wildcard. Default: none.</summary>
    public IList<SmtpCertificateOptions> Certificates { get; init; } = [];

    /// <summary>Whether the Received field of a submission names the client's address and EHLO name. Default: false.</summary>
    public bool DiscloseClient { get; set; }

    /// <summary>Largest message in octets; also what EHLO announces as SIZE. Default: 30 MiB.</summary>
    [Range(64 * 1024, 1024 * 1024 * 1024)]
    public int MaxMessageSize { get; set; } = 30 * 1024 * 1024;

    /// <summary>What all messages may take in memory together while they are read; beyond it 452. Default: 512 MiB.</summary>
    [Range(1024 * 1024, long.MaxValue)]
    public long MaxBufferedSize { get; set; } = 512L * 1024 * 1024;

    /// <summary>Most recipients of a message; at least 100 (RFC 5321 §4.5.3.1.8). Default: 150.</summary>
    [Range(100, 10_000)]
    public int MaxRecipients { get; set; } = 150;

    /// <summary>Longest command line in octets, CRLF included (RFC 5321 §4.5.3.1.4). Default: 512.</summary>
    [Range(512, 4096)]
    public int MaxCommandLine { get; set; } = 512;

    /// <summary>Longest line of MAIL, RCPT and AUTH, which extensions lengthen. Default: 4096.</summary>
    [Range(512, 64 * 1024)]
    public int MaxExtendedCommandLine { get; set; } = 4096;

    /// <summary>Largest header of a message in octets. Default: 256 KiB.</summary>
    [Range(16 * 1024, 16 * 1024 * 1024)]
    public int MaxHeaderSize { get; set; } = 256 * 1024;

    /// <summary>
    /// Longest line of a message in octets, CRLF included, at least 1,000 (RFC 5321 §4.5.3.1.6). Default: 0, as long as the message: many
    /// senders write HTML in one line.
    /// </summary>
    [Range(0, int.MaxValue)]
    public int MaxMessageLine { get; set; }

    /// <summary>Most commands between two accepted messages; chunks of 1 KiB or more don't count. Default: 1,000.</summary>
    [Range(10, int.MaxValue)]
    public int MaxCommandsPerMessage { get; set; } = 1000;

    /// <summary>Most 5yz replies between two accepted messages. Default: 50.</summary>
    [Range(1, int.MaxValue)]
    public int MaxErrorsPerMessage { get; set; } = 50;

    /// <summary>Most failed AUTH commands of a session. Default: 3.</summary>
    [Range(1, 1000)]
    public int MaxAuthenticationFailures { get; set; } = 3;

    /// <summary>Most failed AUTH commands from one address (IPv6: from one /64) in a row; then it is locked out. Default: 50.</summary>
    [Range(1, int.MaxValue)]
    public int MaxAuthenticationFailuresPerAddress { get; set; } = 50;

    /// <summary>Most failed AUTH commands with one user name in a row, from wherever; then it is locked out. Default: 20.</summary>
    [Range(1, int.MaxValue)]
    public int MaxAuthenticationFailuresPerAccount { get; set; } = 20;

    /// <summary>For how long an address or user name is locked out, and after how long without a failure its failures are forgotten. Default: 15 minutes.</summary>
    public TimeSpan AuthenticationLockout { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// How long the reply to a second failed AUTH in a row waits, from one address or with one user name; twice as long with each further one, up to
    /// 30 seconds. Default: 1 second.
    /// </summary>
    public TimeSpan AuthenticationDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Most sessions at once. Default: 20,000.</summary>
    [Range(1, int.MaxValue)]
    public int MaxConnections { get; set; } = 20_000;

    /// <summary>Most sessions at once from one address (IPv6: from one /64). Default: 500.</summary>
    [Range(1, int.MaxValue)]
    public int MaxConnectionsPerAddress { get; set; } = 500;

    /// <summary>How long a client may take for a whole command line (RFC 5321 §4.5.3.2.7). Default: 5 minutes.</summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a client may be silent within DATA or a chunk; also how long <see cref="MinDataRate"/> is averaged over. Default: 3 minutes.</summary>
    public TimeSpan DataTimeout { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>Octets a second that a message or chunk must come at, at least. Default: 100.</summary>
    [Range(0, 1024 * 1024)]
    public int MinDataRate { get; set; } = 100;

    /// <summary>How long a client may take for a whole message. Default: 30 minutes.</summary>
    public TimeSpan MessageTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a session may last; a message that comes then may still end. Default: 24 hours.</summary>
    public TimeSpan SessionTimeout { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long a client may take for the TLS handshake. Default: 30 seconds.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a proxy may take for its PROXY header. Default: 5 seconds.</summary>
    public TimeSpan ProxyHeaderTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a client may take to read replies. Default: 1 minute.</summary>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromMinutes(1);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var listener in Listeners)
        {
            if (!System.Net.IPAddress.TryParse(listener.Address, out _))
            {
                yield return new ValidationResult($"{listener.Address} is no IP address", [nameof(Listeners)]);
            }

            if (listener.Port is < 0 or > 65535)
            {
                yield return new ValidationResult($"{listener.Port} is no port", [nameof(Listeners)]);
            }

            foreach (var network in listener.ProxyNetworks.Where(static network => !System.Net.IPNetwork.TryParse(network, out _)))
            {
                yield return new ValidationResult($"{network} is no network, such as 10.1.0.0/16", [nameof(Listeners)]);
            }
        }

        if (Certificates.Count > 0 && string.IsNullOrEmpty(CertificatePath))
        {
            yield return new ValidationResult($"{nameof(Certificates)} are beside the one of {nameof(CertificatePath)}, which isn't set", [nameof(CertificatePath)]);
        }

        if (Certificates.Any(static certificate => string.IsNullOrEmpty(certificate.Path)))
        {
            yield return new ValidationResult($"{nameof(Certificates)}: one has no {nameof(SmtpCertificateOptions.Path)}", [nameof(Certificates)]);
        }

        if (MaxMessageLine is > 0 and < 1000)
        {
            yield return new ValidationResult($"{nameof(MaxMessageLine)} must be 0 or at least 1000", [nameof(MaxMessageLine)]);
        }

        if (AuthenticationDelay < TimeSpan.Zero || AuthenticationDelay > TimeSpan.FromSeconds(30))
        {
            yield return new ValidationResult($"{nameof(AuthenticationDelay)} must be at least zero and at most 30 seconds", [nameof(AuthenticationDelay)]);
        }

        (string Name, TimeSpan Value)[] timeouts =
        [
            (nameof(CommandTimeout), CommandTimeout), (nameof(DataTimeout), DataTimeout), (nameof(MessageTimeout), MessageTimeout),
            (nameof(HandshakeTimeout), HandshakeTimeout), (nameof(ProxyHeaderTimeout), ProxyHeaderTimeout),
            (nameof(WriteTimeout), WriteTimeout), (nameof(AuthenticationLockout), AuthenticationLockout),
        ];
        foreach (var (name, value) in timeouts)
        {
            if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(1))
            {
                yield return new ValidationResult($"{name} must be above zero and at most a day", [name]);
            }
        }

        if (SessionTimeout <= TimeSpan.Zero || SessionTimeout > TimeSpan.FromDays(365))
        {
            yield return new ValidationResult($"{nameof(SessionTimeout)} must be above zero and at most 365 days", [nameof(SessionTimeout)]);
        }
    }
}
