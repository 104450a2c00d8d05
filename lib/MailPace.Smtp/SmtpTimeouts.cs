using System.ComponentModel.DataAnnotations;

namespace MailPace.Smtp;

/// <summary>How long each step of a conversation may take; the defaults are the minima of RFC 5321 §4.5.3.2.</summary>
public sealed class SmtpTimeouts
{
    /// <summary>TCP connection; default 30 s (the RFC names none).</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan Connect { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The greeting (§4.5.3.2.1); default 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:30:00")]
    public TimeSpan Greeting { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>EHLO, HELO, STARTTLS, RSET; default 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:30:00")]
    public TimeSpan Hello { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The TLS handshake; default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan Tls { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>MAIL (§4.5.3.2.2); default 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:30:00")]
    public TimeSpan Mail { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Each RCPT (§4.5.3.2.3); default 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:30:00")]
    public TimeSpan Recipient { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>DATA until 354 (§4.5.3.2.4); default 2 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:30:00")]
    public TimeSpan Data { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Each block of the message (§4.5.3.2.5); default 3 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:30:00")]
    public TimeSpan DataBlock { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>The reply after the final dot (§4.5.3.2.6); default 10 min: giving up early is what makes duplicates.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan EndOfData { get; set; } = TimeSpan.FromMinutes(10);
}
