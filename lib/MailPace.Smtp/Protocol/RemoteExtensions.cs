using System.Globalization;

namespace MailPace.Smtp.Protocol;

/// <summary>What the remote offers in its reply to EHLO (RFC 5321 §4.1.1.1).</summary>
internal sealed class RemoteExtensions
{
    public bool Pipelining { get; private set; }

    public bool StartTls { get; private set; }

    public bool EightBitMime { get; private set; }

    public bool SmtpUtf8 { get; private set; }

    /// <summary>RFC 3461.</summary>
    public bool Dsn { get; private set; }

    public bool HasSize { get; private set; }

    /// <summary>The largest message it takes; 0 when it doesn't say (RFC 1870 §4).</summary>
    public long MaxSize { get; private set; }

    /// <summary>Takes one line of the reply, without code.</summary>
    public void Read(string line)
    {
        var words = line.AsSpan().Trim();
        var end = words.IndexOf(' ');
        var keyword = end < 0 ? words : words[..end];
        var parameter = end < 0 ? [] : words[(end + 1)..].Trim();

        if (keyword.Equals("PIPELINING", StringComparison.OrdinalIgnoreCase))
        {
            Pipelining = true;
        }
        else if (keyword.Equals("STARTTLS", StringComparison.OrdinalIgnoreCase))
        {
            StartTls = true;
        }
        else if (keyword.Equals("8BITMIME", StringComparison.OrdinalIgnoreCase))
        {
            EightBitMime = true;
        }
        else if (keyword.Equals("SMTPUTF8", StringComparison.OrdinalIgnoreCase))
        {
            SmtpUtf8 = true;
        }
        else if (keyword.Equals("DSN", StringComparison.OrdinalIgnoreCase))
        {
            Dsn = true;
        }
        else if (keyword.Equals("SIZE", StringComparison.OrdinalIgnoreCase))
        {
            HasSize = true;
            MaxSize = long.TryParse(parameter, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : 0;
        }
    }
}
