namespace MailPace.Dashboard.Emails;

/// <summary>One day of <see cref="StatisticsBody"/>.</summary>
/// <param name="Day">A day in UTC.</param>
/// <param name="Counts">Recipients in each state.</param>
internal sealed record DayBody(DateOnly Day, IReadOnlyDictionary<string, long> Counts);
