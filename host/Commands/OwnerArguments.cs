using System.CommandLine;
using MailPace.Contracts.Directory;

namespace MailPace.Host.Commands;

/// <summary>Whose list, and which of the two.</summary>
internal sealed class OwnerArguments
{
    private readonly Argument<string> owner = new("owner") { Description = "Name or id of the domain; with --organisation that of an organisation" };
    private readonly Option<bool> isOrganisation = new("--organisation") { Description = "The list that counts for all domains of an organisation" };
    private readonly Option<bool> isAllow = new("--allow") { Description = "The Allow List instead of the Block List" };

    /// <summary>The owner comes before what the command has of its own.</summary>
    public Command AddTo(Command command)
    {
        command.Arguments.Insert(0, owner);
        command.Options.Add(isOrganisation);
        command.Options.Add(isAllow);
        return command;
    }

    public AddressList List(CommandRun run) => run.Value(isAllow) ? AddressList.Allow : AddressList.Block;

    public async Task<(ListOwner Owner, string Name)> FindAsync(CommandRun run)
    {
        if (run.Value(isOrganisation))
        {
            var organisation = await run.OrganisationAsync(run.Value(owner));
            return (ListOwner.OfOrganisation(organisation.Id), $"organisation {organisation.Id}");
        }

        var domain = await run.DomainAsync(run.Value(owner));
        return (ListOwner.OfDomain(domain.Id), domain.Name);
    }
}
