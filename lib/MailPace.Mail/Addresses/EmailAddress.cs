using System.Text;

namespace MailPace.Mail.Addresses;

/// <summary>
/// A Mailbox of RFC 5321 §4.1.2, with the additions of RFC 6531 for local parts and IDN domains.
/// There is one form of each: the domain is an A-label in lower case, the local part is quoted only where it has to be.
/// Address literals, source routes and all-numeric top-level domains are refused: delivery to an address that DNS
/// doesn't name would go around the checks on where we connect to.
/// </summary>
/// <param name="LocalPart">As it goes on the wire, with quotes where it needs them.</param>
/// <param name="Domain">A-label in lower case, without a trailing dot.</param>
public readonly record struct EmailAddress(string LocalPart, string Domain)
{
    /// <summary>RFC 5321 §4.5.3.1.1, in octets.</summary>
    private const int MaxLocalPart = 64;

    /// <summary>A path holds 256 octets with its angle brackets (RFC 5321 §4.5.3.1.3).</summary>
    private const int MaxAddress = 254;

    /// <summary>The bare address.</summary>
    public string Address => $"{LocalPart}@{Domain}";

    /// <summary>False where the local part needs SMTPUTF8; the domain never does.</summary>
    public bool IsAscii => Ascii.IsValid(LocalPart);

    public override string ToString() => Address;

    /// <summary>Takes exactly one mailbox: nothing is trimmed, nothing may follow.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out EmailAddress address)
    {
        address = default;
        if (text.IsEmpty || text.Length > MaxAddress)
        {
            return false;
        }

        if (!LocalPartReader.TryRead(text, out var localPart, out var consumed)
            || consumed >= text.Length
            || text[consumed] != '@')
        {
            return false;
        }

        if (!DomainName.TryParse(text[(consumed + 1)..], out var domain))
        {
            return false;
        }

        var octets = Encoding.UTF8.GetByteCount(localPart);
        if (octets > MaxLocalPart || octets + 1 + domain.Length > MaxAddress)
        {
            return false;
        }

        address = new EmailAddress(localPart, domain);
        return true;
    }
}
