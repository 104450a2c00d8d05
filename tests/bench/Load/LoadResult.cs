namespace MailPace.Bench.Load;

/// <summary>What a load generator saw.</summary>
/// <param name="Sent">Messages that were acknowledged.</param>
/// <param name="Seconds">From the first byte to the last acknowledgement.</param>
/// <param name="LatenciesMs">One per acknowledged message, unsorted.</param>
internal sealed record LoadResult(int Sent, double Seconds, double[] LatenciesMs)
{
    public double Rate => Sent / Seconds;
}
