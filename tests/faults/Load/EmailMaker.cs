using System.Globalization;
using MailPace.Faults.Ledger;
using MailPace.Faults.Sinks;

namespace MailPace.Faults.Load;

/// <summary>Makes the emails that one client hands in: mostly small and for one recipient, some for several, some too large for a bundle.</summary>
internal sealed class EmailMaker(string client, bool withKeys, Random random)
{
    /// <summary>Above <c>Intake:MaxInlineBytes</c>: such a message goes to the blob store.</summary>
    private const int LargeBody = 280 * 1024;

    private int _number;

    public SubmittedEmail Next()
    {
        var marker = string.Create(CultureInfo.InvariantCulture, $"{client}x{_number++}");
        var recipients = new List<string>();
        var count = random.Next(10) < 8 ? 1 : random.Next(2, 4);
        for (var number = 0; number < count; number++)
        {
            recipients.Add(string.Create(CultureInfo.InvariantCulture, $"r{number}-{marker}@d{random.Next(3)}.example"));
        }

        if (random.Next(40) == 0)
        {
            recipients.Add(string.Create(CultureInfo.InvariantCulture, $"{FaultSink.RefusedPrefix}{marker}@d{random.Next(3)}.example"));
        }

        return new SubmittedEmail { Marker = marker, Recipients = recipients, IdempotencyKey = withKeys ? "key-" + marker : null };
    }

    public string Body() => random.Next(150) == 0 ? Text(LargeBody) : Text(200 + random.Next(4000));

    /// <summary>Between two emails.</summary>
    public TimeSpan Pause() => TimeSpan.FromMilliseconds(random.Next(120));

    /// <returns>How soon the client hangs up on this try; null when it waits.</returns>
    public TimeSpan? LosesPatience() => random.Next(10) == 0 ? TimeSpan.FromMilliseconds(1 + random.Next(40)) : null;

    private string Text(int length) => string.Create(length, random, static (text, random) =>
    {
        for (var at = 0; at < text.Length; at++)
        {
            text[at] = at % 70 == 69 ? '\n' : (char)('a' + random.Next(26));
        }
    });
}
