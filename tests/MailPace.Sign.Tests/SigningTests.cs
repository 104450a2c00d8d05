using System.Text;
using MailPace.Messaging.Bundles;
using static MailPace.Sign.Tests.Samples;

namespace MailPace.Sign.Tests;

public sealed class SigningTests
{
    [Fact]
    public async Task Bundle_EmailToTwoDomains_BecomesTwoSignedJobs()
    {
        await using var sign = await SignProcess.StartAsync();
        await sign.AddDomainAsync(1, "demo.example");

        await sign.PublishAsync(Email(7, "b@one.example", "c@two.example", "d@one.example"), Mime);
        var jobs = (await sign.TakeJobsAsync(2)).OrderBy(job => job.Job.JobNumber).ToList();

        Assert.Equal(["one.example", "two.example"], jobs.Select(job => job.Job.RecipientDomain));
        Assert.Equal(["b@one.example", "d@one.example"], jobs[0].Job.Recipients.Select(recipient => recipient.Address));
        Assert.All(jobs, job =>
        {
            var text = Text(job.Content);
            Assert.StartsWith("DKIM-Signature: v=1; a=rsa-sha256;", text, StringComparison.Ordinal);
            Assert.Contains("DKIM-Signature: v=1; a=ed25519-sha256;", text, StringComparison.Ordinal);
            Assert.EndsWith(Mime, text, StringComparison.Ordinal);
            Assert.Equal(job.Job.Size, Encoding.UTF8.GetByteCount(text));
            Assert.Equal(1, job.Job.Attempt);
            Assert.StartsWith($"bounces+7-{job.Job.JobNumber}-", job.Job.ReturnPath, StringComparison.Ordinal);
            Assert.EndsWith("@bounces.platform.example", job.Job.ReturnPath, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Bundle_DomainWithoutKeys_WaitsUntilTheyAreThereAndHoldsUpNobody()
    {
        await using var sign = await SignProcess.StartAsync();
        await sign.AddDomainAsync(1, "demo.example");

        await Task.WhenAll(sign.PublishAsync(Email(8, "b@one.example") with { DomainId = 2, Domain = "late.example" }, Mime), sign.PublishAsync(Email(9, "b@one.example"), Mime));
        Assert.Equal(9, Assert.Single(await sign.TakeJobsAsync(1)).Job.EmailId);

        await sign.AddDomainAsync(2, "late.example");
        var late = Assert.Single(await sign.TakeJobsAsync(1));
        Assert.Equal(8, late.Job.EmailId);
        Assert.Contains("d=late.example", Text(late.Content), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bundle_EmailInBlobStore_IsSignedOverItsContentThere()
    {
        await using var sign = await SignProcess.StartAsync();
        await sign.AddDomainAsync(1, "demo.example");
        var large = Mime + string.Concat(Enumerable.Repeat("0123456789abcdef0123456789abcdef0123456789abcdef\r\n", 20_000));
        await sign.PutBlobAsync("2026-11-24/10", large);

        await sign.PublishAsync(Email(10, "b@one.example") with { BlobKey = "2026-11-24/10", Size = large.Length }, "");
        var job = Assert.Single(await sign.TakeJobsAsync(1));

        Assert.Equal("2026-11-24/10", job.Job.BlobKey);
        var fields = Text(job.Content);
        Assert.Equal(job.Job.Size, fields.Length + large.Length);
        Assert.EndsWith("\r\n", fields, StringComparison.Ordinal);
        using var message = MimeKit.MimeMessage.Load(new MemoryStream(Encoding.ASCII.GetBytes(fields + large)), TestContext.Current.CancellationToken);
        Assert.Equal(2, message.Headers.Count(header => header.Id == MimeKit.HeaderId.DkimSignature));
    }

    [Theory]
    [InlineData(new byte[] { 99, 0, 0, 0, 0 }, "version 99")]
    [InlineData(new byte[] { 1, 5, 0, 0, 0 }, "cut short")]
    public async Task Bundle_ThatCannotBeRead_GoesToTheDeadLetters(byte[] payload, string reason)
    {
        await using var sign = await SignProcess.StartAsync();

        await sign.PublishRawAsync(payload);

        Assert.Contains(reason, await sign.TakeDeadLetterAsync(), StringComparison.Ordinal);
        Assert.Equal(1, Bundle.Version);
    }
}
