namespace MailPace.Deliver.Shaping;

/// <summary>
/// Divides a limit among those who use it: nobody gets more than it wants before all have what they want, what one leaves the others share
/// equally (max-min fairness), and what nobody wants is shared equally too, for whoever wants more next. Each process computes its own share from
/// the same list, so the order of the list decides who gets what can't be divided.
/// </summary>
internal static class FairShare
{
    public static double Of(double total, IReadOnlyList<double> wanted, int index)
    {
        var left = total;
        var sharing = wanted.Count;
        foreach (var want in wanted.Order())
        {
            var equal = left / sharing;
            if (want >= equal)
            {
                return Math.Min(wanted[index], equal);
            }

            left -= want;
            sharing--;
        }

        return wanted[index] + (left / wanted.Count);
    }

    public static int Of(int total, IReadOnlyList<int> wanted, int index)
    {
        var shares = new int[wanted.Count];
        var left = total;
        for (var isGiven = true; isGiven && left > 0;)
        {
            isGiven = false;
            for (var each = 0; each < shares.Length && left > 0; each++)
            {
                if (shares[each] < wanted[each])
                {
                    shares[each]++;
                    left--;
                    isGiven = true;
                }
            }
        }

        return shares[index] + (left / wanted.Count) + (index < left % wanted.Count ? 1 : 0);
    }
}
