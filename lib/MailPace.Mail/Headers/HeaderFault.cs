namespace MailPace.Mail.Headers;

/// <summary>What is wrong with a raw header (RFC 5322 §2.1 to 2.2).</summary>
public enum HeaderFault
{
    None,
    BareCarriageReturn,
    BareLineFeed,
    Nul,

    /// <summary>A first line that begins with white space, such as <c> From:</c>: readers disagree whether it counts.</summary>
    LeadingWhiteSpace,

    /// <summary>White space before the colon, such as <c>From :</c>: readers disagree whether it's that field.</summary>
    SpaceBeforeColon,

    /// <summary>A first line without a colon.</summary>
    MissingColon,

    /// <summary>No name, or a name with other than printable ASCII.</summary>
    InvalidName,

    /// <summary>A line of more than 998 octets (RFC 5322 §2.1.1).</summary>
    LineTooLong,

    /// <summary>More than <see cref="HeaderReader.MaxHeader"/> octets or <see cref="HeaderReader.MaxFields"/> fields.</summary>
    HeaderTooLong,
}
