namespace MailPace.Dashboard.Emails;

/// <summary>Recipients by state, of the emails accepted in a span of time.</summary>
/// <param name="Totals">Recipients in each state.</param>
/// <param name="Days">The same for each day on which emails were accepted, the oldest first.</param>
internal sealed record StatisticsBody(IReadOnlyDictionary<string, long> Totals, IReadOnlyList<DayBody> Days);
