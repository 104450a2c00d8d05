namespace MailPace.Storage.Suppressing;

/// <summary>An address on its way into a list.</summary>
/// <param name="Address">Bare address, in any case.</param>
/// <param name="Reason">Why.</param>
/// <param name="ExpiresAt">When it leaves the list by itself; absent: never.</param>
public sealed record NewSuppression(string Address, string Reason, DateTimeOffset? ExpiresAt = null);
