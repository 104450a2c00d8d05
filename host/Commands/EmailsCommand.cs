using System.CommandLine;
using MailPace.Contracts;
using MailPace.Storage.History;

namespace MailPace.Host.Commands;

internal static class EmailsCommand
{
    public static Command Create()
    {
        var domain = new Option<string>("--domain") { Description = "Name or id of a domain" };
        var state = new Option<RecipientState?>("--state") { Description = "A recipient is in this state: queued, deferred, delivered, bounced, expired, suppressed, complained, spam" };
        var to = new Option<string>("--to") { Description = "Address of a recipient" };
        var since = new Option<string>("--since") { Description = "Accepted since: 2026-01-31T12:00, or 12h ago" };
        var limit = new Option<int>("--limit") { Description = "How many at most", DefaultValueFactory = _ => 50 };
        var json = CommandArguments.Json();
        return new Command("emails", "List emails, newest first") { domain, state, to, since, limit, json }.Does(async run =>
        {
            var found = await run.Get<Emails>().ListAsync(
                new EmailQuery
                {
                    DomainId = run.Value(domain) is { } given ? (await run.DomainAsync(given)).Id : null,
                    State = run.Value(state),
                    Recipient = run.Value(to),
                    Since = run.Value(since) is { } text ? CommandArguments.Moment(text, run.Get<TimeProvider>().GetUtcNow()) : null,
                    Limit = run.Value(limit),
                },
                run.Token);
            if (run.Value(json))
            {
                await run.SayAsync(CommandText.JsonOf(found));
                return;
            }

            var table = new TextTable("ID", "ACCEPTED", "STATE", "FROM", "TO", "SUBJECT");
            foreach (var email in found)
            {
                var recipients = email.Recipients > 1 ? $"{email.FirstRecipient} +{email.Recipients - 1}" : email.FirstRecipient;
                table.Add(CommandText.Of(email.Id), CommandText.Of(email.AcceptedAt), string.Join(',', email.States), email.HeaderFrom, recipients, Short(email.Subject));
            }

            await table.WriteAsync(run.Out);
        });
    }

    private static string? Short(string? subject) => subject is { Length: > 60 } ? string.Concat(subject.AsSpan(0, 59), "…") : subject;
}
