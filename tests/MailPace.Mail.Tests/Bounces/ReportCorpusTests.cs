using MailPace.Mail.Bounces;

namespace MailPace.Mail.Tests.Bounces;

/// <summary>The reader of reports against third-party mails and labels.</summary>
public sealed class ReportCorpusTests(ITestOutputHelper output)
{
    /// <summary>
    /// Where we differ: an address that lost its end, a report of a delay that is labelled as final, and "550 a@b... No such user" without
    /// a stage, which is labelled both ways.
    /// </summary>
    private static readonly string[] Differing = ["lhost-v5sendmail-01.eml", "lhost-opensmtpd-12.eml", "rhost-messagelabs-02.eml"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadAsync_LabelledReports_AgreesOnRecipientsHardnessAndStatus()
    {
        var (all, wrong, statuses, agreed) = (0, 0, 0, 0);
        foreach (var labelled in LabelledReport.ReadAll())
        {
            all++;
            var report = await ReadAsync(labelled.Path);
            if (!Agrees(labelled, report) && !Differing.Contains(labelled.File))
            {
                wrong++;
                output.WriteLine($"WRONG {labelled.File}: {string.Join(" | ", labelled.Recipients.Select(r => $"{r.Address} {r.Status} {r.Reason} {r.IsHard}"))}");
                output.WriteLine($"      {report.Kind} {report.FeedbackType} {string.Join(',', report.Complainants)} {string.Join(" | ", report.Recipients.Select(r => $"{r.Address} {r.Reply.Enhanced} {r.Fault} {r.Reply.Text}"))}");
            }

            foreach (var recipient in labelled.Recipients.Where(recipient => recipient.IsStatusKnown))
            {
                statuses++;
                var status = report.Recipients.FirstOrDefault(r => r.Address.Equals(recipient.Address, StringComparison.OrdinalIgnoreCase))?.Reply.Enhanced;
                agreed += status == recipient.Status ? 1 : 0;
                if (status != recipient.Status)
                {
                    output.WriteLine($"STATUS {labelled.File}: {recipient.Address} {recipient.Status}, got {status}");
                }
            }
        }

        output.WriteLine($"{all - wrong} of {all} mails, {agreed} of {statuses} statuses");
        Assert.True(wrong == 0, $"{wrong} of {all} differ");
        Assert.True(agreed >= statuses * 0.95, $"{agreed} of {statuses} statuses");
    }

    [Theory]
    [InlineData("sisimai/not/is-not-bounce-01.eml")]
    [InlineData("sisimai/not/rb-issue-368-bug.eml")]
    public async Task ReadAsync_NoReport_IsSilent(string file) => Assert.Empty((await ReadAsync(TestData.Path(file))).Recipients);

    [Theory]
    [InlineData("mail-auth/arf/001.eml", "abuse")]
    [InlineData("mail-auth/arf/002.eml", "abuse")]
    [InlineData("mail-auth/arf/003.eml", "auth-failure")]
    [InlineData("mail-auth/arf/004.eml", "auth-failure")]
    [InlineData("mail-auth/arf/005.eml", "auth-failure")]
    [InlineData("kumomta/rfc5965/1.eml", "abuse")]
    [InlineData("kumomta/rfc5965/2.eml", "abuse")]
    [InlineData("kumomta/rfc5965/3.eml", "abuse")]
    [InlineData("kumomta/rfc5965/4.eml", "abuse")]
    public async Task ReadAsync_FeedbackReport_IsUnderstood(string file, string type)
    {
        var report = await ReadAsync(TestData.Path(file));

        Assert.Equal((ReportKind.Feedback, type), (report.Kind, report.FeedbackType));
        Assert.NotNull(report.Returned);
        Assert.Equal(type == "abuse", report.IsComplaint);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task ReadAsync_OtherPeoplesStandardReports_AreUnderstood(int number)
    {
        var report = await ReadAsync(TestData.Path($"kumomta/rfc3464/{number}.eml"));

        output.WriteLine(string.Join(" | ", report.Recipients.Select(r => $"{r.Address} {r.Action} {r.Reply} {r.Fault}")));
        Assert.NotEmpty(report.Recipients);
    }

    private static bool Agrees(LabelledReport labelled, IncomingReport report)
    {
        if (labelled.Recipients.Count == 0)
        {
            return report.Recipients.Count == 0 && !report.IsComplaint;
        }

        if (labelled.Recipients[0].IsComplaint)
        {
            return report.Kind == ReportKind.Feedback && labelled.Recipients.All(r => report.Complainants.Contains(r.Address, StringComparer.OrdinalIgnoreCase));
        }

        return report.Recipients.Count == labelled.Recipients.Count && labelled.Recipients.All(expected => report.Recipients.Any(
            read => read.Address.Equals(expected.Address, StringComparison.OrdinalIgnoreCase) && (read.Fault?.IsHard ?? false) == expected.IsHard));
    }

    private static async Task<IncomingReport> ReadAsync(string path)
    {
        var (report, taken) = await Fastest.OfAsync(async () =>
        {
            await using var file = File.OpenRead(path);
            return await ReportReader.ReadAsync(file, Token);
        });
        Assert.InRange(taken, TimeSpan.Zero, Fastest.Limit);
        return report;
    }
}
