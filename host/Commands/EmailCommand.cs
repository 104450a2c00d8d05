using System.CommandLine;
using System.Globalization;
using MailPace.Contracts;
using MailPace.Storage.History;

namespace MailPace.Host.Commands;

internal static class EmailCommand
{
    public static Command Create()
    {
        var id = new Argument<long>("id") { Description = "Id of the email" };
        var json = CommandArguments.Json();
        return new Command("email", "Show one email: the state of each recipient, and all that happened") { id, json }.Does(async run =>
        {
            var email = await run.Get<Emails>().FindAsync(run.Value(id), run.Token)
                ?? throw new CommandFailure($"History has no email {run.Value(id)}. One that was just accepted appears within a second while `record` runs.");
            if (run.Value(json))
            {
                await run.SayAsync(CommandText.JsonOf(email));
                return;
            }

            await WriteFactsAsync(run, email);
            await WriteRecipientsAsync(run, email);
            await WriteTimelineAsync(run, email);
        });
    }

    private static async Task WriteFactsAsync(CommandRun run, EmailHistory email)
    {
        var facts = new TextTable("Email", CommandText.Of(email.Id));
        facts.Add("Accepted", $"{CommandText.Of(email.AcceptedAt)} by {email.Source}");
        facts.Add("From", email.HeaderFrom);
        facts.Add("Subject", email.Subject);
        facts.Add("Message-ID", email.MessageId);
        facts.Add("Domain", $"{email.Domain} ({email.DomainId}), organisation {email.OrganisationId}, token {email.TokenId}");
        facts.Add("Tags", string.Join(", ", email.Tags));
        facts.Add("Size", string.Create(CultureInfo.InvariantCulture, $"{email.Size:N0} bytes{(email.BlobKey is { } key ? $", blob {key}" : "")}"));
        facts.Add("Stored", $"{Streams.Mail(email.MailPartition)} {email.MailSequence}");
        await facts.WriteAsync(run.Out);
    }

    private static async Task WriteRecipientsAsync(CommandRun run, EmailHistory email)
    {
        await run.SayAsync("");
        var table = new TextTable("RECIPIENT", "KIND", "STATE", "SINCE", "ATTEMPT", "NEXT", "FAULT", "REPLY");
        foreach (var recipient in email.Recipients)
        {
            table.Add(
                recipient.Address,
                recipient.Kind.ToString(),
                recipient.State.ToString().ToLowerInvariant(),
                CommandText.Of(recipient.StateAt),
                CommandText.Of(recipient.Attempt),
                CommandText.Of(recipient.NextAttemptAt),
                FaultOf(recipient),
                ReplyOf(recipient.ReplyCode, recipient.ReplyEnhanced, recipient.ReplyText));
        }

        await table.WriteAsync(run.Out);
    }

    /// <summary>With the policy where there was one.</summary>
    private static string TlsOf(TimelineEntry entry)
    {
        var tls = entry.Tls ?? (entry.RemoteHost is null ? "" : "none");
        return entry.TlsPolicy is null or "opportunistic" ? tls : $"{tls} ({entry.TlsPolicy})";
    }

    private static async Task WriteTimelineAsync(CommandRun run, EmailHistory email)
    {
        await run.SayAsync("");
        if (email.Timeline.Count == 0)
        {
            await run.SayAsync("Nothing has happened yet.");
            return;
        }

        var table = new TextTable("WHEN", "WHAT", "JOB", "ATTEMPT", "RECIPIENT", "REMOTE", "TLS", "MS", "REPLY");
        foreach (var entry in email.Timeline)
        {
            table.Add(
                CommandText.Of(entry.At),
                (entry.State?.ToString() ?? entry.Kind.ToString()).ToLowerInvariant(),
                CommandText.Of(entry.JobNumber),
                CommandText.Of(entry.Attempt),
                entry.Ordinal is { } ordinal ? email.Recipients.FirstOrDefault(r => r.Ordinal == ordinal)?.Address : "",
                string.Join(' ', new[] { entry.RemoteHost, entry.RemoteAddress }.Where(static part => part is not null)),
                TlsOf(entry),
                CommandText.Of(entry.DurationMs),
                entry.Reason ?? ReplyOf(entry.ReplyCode, entry.ReplyEnhanced, entry.ReplyText));
        }

        await table.WriteAsync(run.Out);
    }

    private static string FaultOf(RecipientHistory recipient)
        => recipient.FaultOwner is null ? "" : $"{recipient.FaultOwner}: {recipient.FaultReason}".ToLowerInvariant();

    private static string ReplyOf(int? code, string? enhanced, string? text)
        => string.Join(' ', new[] { code is { } given and not 0 ? CommandText.Of(given) : null, enhanced, text }.Where(static part => !string.IsNullOrEmpty(part)));
}
