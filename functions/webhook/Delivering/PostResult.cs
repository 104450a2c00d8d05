namespace MailPace.Webhook.Delivering;

/// <summary>What became of one post.</summary>
/// <param name="Status">Absent where no answer came.</param>
/// <param name="Fault">Why none came.</param>
/// <param name="Response">First bytes of the answer.</param>
/// <param name="Duration">How long it took.</param>
internal sealed record PostResult(int? Status, string? Fault, string? Response, TimeSpan Duration)
{
    public bool IsSuccess => Status is >= 200 and < 300;
}
