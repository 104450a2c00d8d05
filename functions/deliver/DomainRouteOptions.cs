using System.ComponentModel.DataAnnotations;

namespace MailPace.Deliver;

/// <summary>Where the mail of some domains goes.</summary>
public sealed class DomainRouteOptions : IValidatableObject
{
    /// <summary><c>example.com</c>, <c>.example.com</c> for all below it, <c>*</c> for all the rest; the closest one decides.</summary>
    [Required]
    public string Domain { get; set; } = "";

    /// <summary><c>smarthost</c> (default), <c>mx</c> or <c>sandbox</c>.</summary>
    public DeliveryRoute Route { get; set; } = DeliveryRoute.Smarthost;

    /// <summary>Of the smarthost, name or address; with <c>mx</c> a domain whose mail exchangers are used instead of the recipient's own.</summary>
    public string Host { get; set; } = "";

    /// <summary>Of the smarthost; default 25.</summary>
    [Range(1, 65535)]
    public int Port { get; set; } = 25;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Route == DeliveryRoute.Smarthost && Host.Length == 0)
        {
            yield return new ValidationResult($"Delivery:Routes: the smarthost for {Domain} has no Host.", [nameof(Host)]);
        }

        if (!Ascii(Domain) || !Ascii(Host))
        {
            yield return new ValidationResult($"Delivery:Routes: {Domain} has to be written with A-labels (xn--…).", [nameof(Domain)]);
        }
    }

    private static bool Ascii(string name) => System.Text.Ascii.IsValid(name);
}
