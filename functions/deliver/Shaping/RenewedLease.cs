using MailPace.Contracts.Shaping;

namespace MailPace.Deliver.Shaping;

/// <summary>A group's entry with a lease renewed, and what its process may take from now on.</summary>
internal sealed record RenewedLease(GroupState State, int Connections, double Rate);
