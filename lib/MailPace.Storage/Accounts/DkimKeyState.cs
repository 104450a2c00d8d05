namespace MailPace.Storage.Accounts;

public enum DkimKeyState
{
    /// <summary>Signs when it's activated; its TXT record is to be published before.</summary>
    Prepared,

    Signing,

    /// <summary>Signs no more; its TXT record stays for mail under way.</summary>
    Retired,
}
