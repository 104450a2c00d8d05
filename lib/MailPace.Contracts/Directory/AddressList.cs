namespace MailPace.Contracts.Directory;

/// <summary>Which of the two lists an address stands in.</summary>
public enum AddressList
{
    /// <summary>Block List: nothing is sent to it.</summary>
    Block,

    /// <summary>Allow List: mail is sent to it although it's in the Block List.</summary>
    Allow,
}
