using System.CommandLine;
using System.Security.Cryptography;
using MailPace.Contracts;
using MailPace.Dashboard.Setup;
using MailPace.Mail.Webhooks;
using MailPace.Messaging.Topology;
using MailPace.Messaging.Webhooks;
using MailPace.Storage.Webhooks;

namespace MailPace.Host.Commands;

internal static class WebhookCommands
{
    public static Command Create() => new("webhooks", "Endpoints that a domain's events are posted to")
    {
        Add(),
        List(),
        Show(),
        SetEvents(),
        Pause(),
        Resume(),
        Remove(),
        Attempts(),
        Replay(),
    };

    private static Argument<long> EndpointArgument() => new("endpoint") { Description = "Id of the endpoint; `mailpace webhooks list` shows it" };

    private static Option<string[]> EventsOption() => new("--event") { Description = $"An event that it gets; may be repeated. There are {string.Join(", ", WebhookEvents.All)}. Without it: all" };

    private static Command Add()
    {
        var domain = CommandArguments.Domain();
        var url = new Argument<string>("url") { Description = "http:// or https://; user:password@ before the host becomes Basic authentication" };
        var events = EventsOption();
        return new Command("add", "Post a domain's events to a URL from now on") { domain, url, events }.Does(async run =>
        {
            var found = await run.DomainAsync(run.Value(domain));
            var text = run.Value(url);
            if (!EndpointUrl.TryParse(text, out _))
            {
                throw new CommandFailure($"{TextTable.Printable(text)} is no http or https URL.");
            }

            var sealing = run.Get<WebhookSealing>();
            var key = await sealing.KeyOfAsync(found, run.Token);
            var secret = WebhookSecret.Generate();
            var added = await run.Get<WebhookEndpoints>().AddAsync(found.Id, text, Checked(run.Value(events)), sealing.Seal(secret, found.Id, text), run.Token);
            await run.SayAsync($"Endpoint {added.Id} gets the events of {found.Name} from now on.");
            await run.SayAsync($"Public key (X-MailPace-Signature, Ed25519):  {key.PublicKey}");
            await run.SayAsync($"Secret (Standard Webhooks):                  {secret.Reveal()}");
        });
    }

    private static Command List()
    {
        var domain = new Option<string>("--domain") { Description = "Name or id of a domain; without it those of all" };
        return new Command("list", "List endpoints") { domain }.Does(async run =>
        {
            var found = run.Value(domain) is { } given ? await run.DomainAsync(given) : null;
            var table = new TextTable("ID", "DOMAIN", "URL", "EVENTS", "STATE", "FAILING SINCE", "CREATED");
            foreach (var endpoint in await run.Get<WebhookEndpoints>().ListAsync(found?.Id, run.Token))
            {
                table.Add(
                    CommandText.Of(endpoint.Id),
                    CommandText.Of(endpoint.DomainId),
                    HideCredentials(endpoint.Url),
                    endpoint.Events.Length == 0 ? "all" : string.Join(' ', endpoint.Events),
                    endpoint.PausedAt is null ? "active" : "paused",
                    CommandText.Of(endpoint.FailingSince),
                    CommandText.Of(endpoint.CreatedAt));
            }

            await table.WriteAsync(run.Out);
        });
    }

    private static Command Show()
    {
        var argument = EndpointArgument();
        return new Command("show", "Show an endpoint with what verifies its signatures") { argument }.Does(async run =>
        {
            var endpoint = await FindAsync(run, argument);
            var domain = await run.DomainAsync(CommandText.Of(endpoint.DomainId));
            await run.SayAsync($"Endpoint {endpoint.Id} of {domain.Name}: {TextTable.Printable(endpoint.Url)}");
            await run.SayAsync(endpoint.PausedAt is { } paused ? $"Paused since {CommandText.Of(paused)}: {TextTable.Printable(endpoint.PausedReason ?? "")}" : "Active");
            await run.SayAsync($"Public key (X-MailPace-Signature, Ed25519):  {(await run.Get<WebhookSealing>().KeyOfAsync(domain, run.Token)).PublicKey}");
            await run.SayAsync($"Secret (Standard Webhooks):                  {run.Get<WebhookSealing>().Open(endpoint).Reveal()}");
        });
    }

    private static Command SetEvents()
    {
        var argument = EndpointArgument();
        var events = EventsOption();
        return new Command("set-events", "Say which events an endpoint gets") { argument, events }.Does(async run =>
        {
            var endpoint = await FindAsync(run, argument);
            var names = Checked(run.Value(events));
            await run.Get<WebhookEndpoints>().SetEventsAsync(endpoint, names, run.Token);
            await run.SayAsync($"Endpoint {endpoint.Id} gets {(names.Length == 0 ? "all events" : string.Join(", ", names))}.");
        });
    }

    private static Command Pause()
    {
        var argument = EndpointArgument();
        return new Command("pause", "Post nothing to an endpoint until it's resumed; events are kept for it") { argument }.Does(async run =>
        {
            var endpoint = await FindAsync(run, argument);
            await run.Get<WebhookEndpoints>().PauseAsync(endpoint, "by the operator", run.Token);
            await run.SayAsync($"Endpoint {endpoint.Id} is paused.");
        });
    }

    private static Command Resume()
    {
        var argument = EndpointArgument();
        return new Command("resume", "Post to a paused endpoint again, first what was kept") { argument }.Does(async run =>
        {
            var endpoint = await FindAsync(run, argument);
            await run.Get<WebhookEndpoints>().ResumeAsync(endpoint, run.Token);
            await run.SayAsync($"Endpoint {endpoint.Id} is active.");
        });
    }

    private static Command Remove()
    {
        var argument = EndpointArgument();
        return new Command("remove", "Remove an endpoint with all that waits for it") { argument }.Does(async run =>
        {
            var endpoint = await FindAsync(run, argument);
            await run.Get<WebhookEndpoints>().RemoveAsync(endpoint, run.Token);
            await run.SayAsync($"Endpoint {endpoint.Id} is removed.");
        });
    }

    private static Command Attempts()
    {
        var argument = EndpointArgument();
        var email = new Option<long?>("--email") { Description = "Id of an email" };
        var limit = new Option<int>("--limit") { Description = "How many", DefaultValueFactory = _ => 50 };
        return new Command("attempts", "List what was posted to an endpoint and what it answered, newest first") { argument, email, limit }.Does(async run =>
        {
            var endpoint = await FindAsync(run, argument);
            var table = new TextTable("AT", "EVENT", "ID", "ATTEMPT", "STATUS", "MS", "NEXT", "ANSWER");
            foreach (var attempt in await run.Get<WebhookAttempts>().ListAsync(endpoint.Id, run.Value(email), null, run.Value(limit), run.Token))
            {
                table.Add(
                    CommandText.Of(attempt.At),
                    attempt.Event,
                    attempt.EventId,
                    CommandText.Of(attempt.Attempt),
                    attempt.Status is { } status ? CommandText.Of(status) : "-",
                    CommandText.Of(attempt.DurationMs),
                    CommandText.Of(attempt.NextAttemptAt),
                    attempt.Fault ?? attempt.Response);
            }

            await table.WriteAsync(run.Out);
        });
    }

    private static Command Replay()
    {
        var argument = EndpointArgument();
        var from = new Option<string>("--from") { Description = "Events since this time: ISO 8601, or how long ago, such as 12h. Default: 1d", DefaultValueFactory = _ => "1d" };
        var to = new Option<string>("--to") { Description = "And before this time. Default: now" };
        var events = EventsOption();
        var email = new Option<long?>("--email") { Description = "Of this email only" };
        return new Command("replay", "Post past events to an endpoint once more; their ids stay the same") { argument, from, to, events, email }.Does(async run =>
        {
            var endpoint = await FindAsync(run, argument);
            var now = run.Get<TimeProvider>().GetUtcNow();
            var replay = new WebhookReplay
            {
                Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)),
                DomainId = endpoint.DomainId,
                EndpointId = endpoint.Id,
                From = CommandArguments.Moment(run.Value(from)!, now),
                To = run.Value(to) is { } end ? CommandArguments.Moment(end, now) : now,
                Events = Checked(run.Value(events)),
                EmailId = run.Value(email),
            };
            await run.Get<TopologyKeeper>().EnsureAsync(run.Token);
            await run.Get<WebhookPublisher>().RequestReplayAsync(replay);
            await run.SayAsync($"Replay {replay.Id} of {CommandText.Of(replay.From)} to {CommandText.Of(replay.To)} goes to endpoint {endpoint.Id}.");
        });
    }

    private static async Task<WebhookEndpoint> FindAsync(CommandRun run, Argument<long> argument)
        => await run.Get<WebhookEndpoints>().FindAsync(run.Value(argument), run.Token)
            ?? throw new CommandFailure($"There is no endpoint {run.Value(argument)}. `mailpace webhooks list` shows them.");

    private static string[] Checked(string[]? names)
    {
        names ??= [];
        return Array.Find(names, static name => !WebhookEvents.All.Contains(name)) is { } unknown
            ? throw new CommandFailure($"{TextTable.Printable(unknown)} is no event; there are {string.Join(", ", WebhookEvents.All)}.")
            : names;
    }

    private static string HideCredentials(string url)
        => Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.UserInfo.Length > 0 ? url.Replace(parsed.UserInfo + "@", "…@", StringComparison.Ordinal) : url;
}
