namespace MailPace.Smtp.Resolution;

/// <summary>In what order a host's addresses are tried.</summary>
public enum AddressOrder
{
    /// <summary>IPv4 and IPv6 by turns, IPv4 first: receivers ask more of IPv6 senders.</summary>
    IPv4First,

    /// <summary>IPv6 and IPv4 by turns, IPv6 first.</summary>
    IPv6First,

    IPv4Only,
    IPv6Only,
}
