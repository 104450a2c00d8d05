namespace MailPace.Deliver;

/// <summary>Where all mail goes.</summary>
public enum DeliveryRoute
{
    /// <summary>To the built-in receiving host: nothing leaves the machine.</summary>
    Sandbox,

    /// <summary>To the mail exchangers of each recipient domain.</summary>
    Mx,

    /// <summary>To one relay.</summary>
    Smarthost,
}
