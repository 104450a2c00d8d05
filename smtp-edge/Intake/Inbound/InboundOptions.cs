using System.ComponentModel.DataAnnotations;
using MailPace.Mail.Addresses;

namespace MailPace.SmtpEdge.Intake.Inbound;

/// <summary>What the role <c>Inbound</c> takes beside return-paths and customers' hosts.</summary>
public sealed class InboundOptions : IValidatableObject
{
    public const string SectionName = "InboundMx";

    /// <summary>Addresses that were given to receivers' feedback loops, for their reports. Default: none.</summary>
    public IList<string> FeedbackAddresses { get; init; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => FeedbackAddresses
        .Where(static address => !EmailAddress.TryParse(address, out _))
        .Select(static address => new ValidationResult($"{address} is no email address", [nameof(FeedbackAddresses)]));
}
