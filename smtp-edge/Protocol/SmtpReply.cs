using System.Text;
using MailPace.Mail.Replies;

namespace MailPace.SmtpEdge.Protocol;

/// <summary>
/// A reply to the client, kept as the octets that go out. Code and enhanced status code agree (RFC 2034 §4), the text
/// is one or more lines of printable characters: nothing that a reply is made of can start another reply.
/// </summary>
public sealed class SmtpReply
{
    // RFC 5321 §4.5.3.1.5: 512 octets per reply line, CRLF included.
    private const int LongestText = 490;

    private readonly byte[] _octets;

    /// <param name="code">Reply code, 200 to 599.</param>
    /// <param name="enhanced">Enhanced status code such as <c>2.0.0</c>; absent where RFC 2034 wants none (220, 250 to EHLO, 3yz).</param>
    /// <param name="lines">The text, a line each.</param>
    public SmtpReply(int code, string? enhanced, params ReadOnlySpan<string> lines)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(code, 200);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(code, 599);
        if (enhanced is not null && (!EnhancedStatusCode.TryParse(enhanced, out var status) || status.Class != code / 100))
        {
            throw new ArgumentException($"Enhanced status code {enhanced} doesn't agree with {code}", nameof(enhanced));
        }

        Code = code;
        var text = new StringBuilder();
        for (var i = 0; i < lines.Length; i++)
        {
            text.Append(code).Append(i == lines.Length - 1 ? ' ' : '-');
            if (enhanced is not null)
            {
                text.Append(enhanced).Append(' ');
            }

            text.Append(Checked(lines[i])).Append("\r\n");
        }

        _octets = Encoding.UTF8.GetBytes(text.ToString());
    }

    public SmtpReply(Reply reply)
        : this(reply.Code, reply.Enhanced?.ToString(), reply.Text)
    {
    }

    public int Code { get; }

    /// <summary>Whether the command was done.</summary>
    public bool IsPositive => Code < 400;

    internal ReadOnlySpan<byte> Octets => _octets;

    /// <summary>The reply as it goes out, without the last CRLF.</summary>
    public override string ToString() => Encoding.UTF8.GetString(_octets.AsSpan(0, _octets.Length - 2));

    private static string Checked(string text)
    {
        if (text.AsSpan().ContainsAnyInRange('\0', '\u001f'))
        {
            throw new ArgumentException("The text of a reply holds a control character", nameof(text));
        }

        return text.Length <= LongestText ? text : text[..LongestText];
    }
}
