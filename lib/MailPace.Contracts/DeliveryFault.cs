using System.Text.Json.Serialization;

namespace MailPace.Contracts;

/// <summary>What a reply that isn't positive was found to mean.</summary>
public sealed record DeliveryFault(FaultOwner Owner, FaultReason Reason, FaultPermanence Permanence)
{
    /// <summary>A hard bounce: the address takes no mail.</summary>
    [JsonIgnore]
    public bool IsHard => Permanence == FaultPermanence.Address;

    /// <summary>The address may be put on the block list: a permanent fault of the recipient and nothing else.</summary>
    [JsonIgnore]
    public bool MaySuppress => IsHard && Owner == FaultOwner.Recipient;
}
