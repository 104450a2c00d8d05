namespace MailPace.Bench.Measuring;

internal static class Percentile
{
    /// <summary>The value below which <paramref name="share"/> (0 to 1) of the values lie; 0 for none.</summary>
    public static double Of(double[] values, double share)
    {
        if (values.Length == 0)
        {
            return 0;
        }

        var sorted = values.Order().ToArray();
        return sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];
    }

    public static double Median(IEnumerable<double> values) => Of([.. values], 0.5);
}
