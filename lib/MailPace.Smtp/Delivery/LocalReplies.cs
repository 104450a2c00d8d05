using MailPace.Contracts;

namespace MailPace.Smtp.Delivery;

/// <summary>Our own words where no reply of a remote decides: code 0.</summary>
internal static class LocalReplies
{
    public static RemoteReply LostAfterEndOfData { get; } = new(0, "4.4.2", "connection lost after end of data");

    public static RemoteReply UnfitLines { get; } = new(0, "5.6.0", "message holds bare CR, bare LF or NUL");

    public static RemoteReply NeedsEightBitMime { get; } = new(0, "5.6.3", "message has 8-bit content, the receiving host doesn't offer 8BITMIME");

    public static RemoteReply NeedsSmtpUtf8 { get; } = new(0, "5.6.7", "message needs SMTPUTF8, the receiving host doesn't offer it");

    public static RemoteReply UnfitAddress { get; } = new(0, "5.1.3", "recipient address is no mailbox");

    public static RemoteReply OutOfTime { get; } = new(0, "4.4.7", "no time left in this attempt");

    public static RemoteReply NoHostTried { get; } = new(0, "4.4.1", "no host could be reached");

    public static RemoteReply TooLarge(long limit) => new(0, "5.3.4", $"message is larger than the {limit} bytes that the receiving host takes");
}
