using System.CommandLine;
using MailPace.Storage.Accounts;
using Microsoft.Extensions.DependencyInjection;

namespace MailPace.Host.Commands;

/// <summary>One call of a command: its arguments, its services, where it writes.</summary>
internal sealed class CommandRun(ParseResult arguments, IServiceProvider services, CancellationToken cancellationToken)
{
    public CancellationToken Token => cancellationToken;

    public TextWriter Out => arguments.InvocationConfiguration.Output;

    public T Get<T>()
        where T : notnull
        => services.GetRequiredService<T>();

    public T? Value<T>(Option<T> option) => arguments.GetValue(option);

    public T Value<T>(Argument<T> argument) => arguments.GetValue(argument)!;

    public Task SayAsync(string line) => Out.WriteLineAsync(line);

    /// <summary>The organisation by its id or name.</summary>
    public async Task<Organisation> OrganisationAsync(string idOrName)
    {
        var organisations = Get<Organisations>();
        var found = long.TryParse(idOrName, out var id)
            ? await organisations.FindAsync(id, Token)
            : await organisations.FindByNameAsync(idOrName, Token);
        return found ?? throw new CommandFailure($"There is no organisation {idOrName}. `mailpace organisation list` shows them.");
    }

    /// <summary>The domain by its id, or by its name where one organisation has it.</summary>
    public async Task<Domain> DomainAsync(string idOrName)
    {
        var domains = Get<Domains>();
        if (long.TryParse(idOrName, out var id))
        {
            return await domains.FindAsync(id, Token) ?? throw new CommandFailure($"There is no domain {id}. `mailpace domain list` shows them.");
        }

        var found = await domains.FindByNameAsync(CommandArguments.DomainName(idOrName), Token);
        return found.Count switch
        {
            0 => throw new CommandFailure($"There is no domain {idOrName}. `mailpace domain list` shows them."),
            1 => found[0],
            _ => throw new CommandFailure($"{found.Count} organisations have {idOrName}; name it by id: {string.Join(", ", found.Select(d => d.Id))}."),
        };
    }
}
