using System.Text;
using MailPace.Contracts;
using MailPace.Contracts.Directory;
using MailPace.Storage.Accounts;
using MailPace.Storage.Directory;
using MailPace.Storage.History;
using MailPace.Storage.Suppressing;
using MailPace.Testing;

namespace MailPace.Storage.Tests;

public sealed class SuppressionsTests(PostgresServerFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AddAndRemove_ReachTheLog_AndAreUndone()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var (_, owner) = await DomainAsync(database);
        var lists = database.Get<Suppressions>();
        var changes = database.Get<SuppressionChanges>();

        Assert.NotNull(await lists.AddAsync(owner, AddressList.Block, new("Gone@Example.NET", "manual"), "me", Token));
        Assert.Null(await lists.AddAsync(owner, AddressList.Block, new("gone@example.net", "again"), "me", Token));
        var removal = await lists.RemoveAsync(owner, AddressList.Block, "GONE@example.net", "me", Token);
        Assert.Null(await lists.RemoveAsync(owner, AddressList.Block, "gone@example.net", "me", Token));
        Assert.Empty(await lists.ListAsync(owner, AddressList.Block, new(), Token));

        Assert.Equal(1, (await changes.UndoAsync(owner, removal!.Value, "me", Token))!.Addresses);
        Assert.Null(await changes.UndoAsync(owner, removal.Value, "me", Token));

        var back = Assert.Single(await lists.ListAsync(owner, AddressList.Block, new(), Token));
        Assert.Equal(("gone@example.net", "manual"), (back.Address, back.Reason));
        Assert.Equal(
            [SuppressionAction.Block, SuppressionAction.Unblock, SuppressionAction.Block],
            (await LogAsync(database)).Select(static group => group.Action));
        Assert.Equal(["undone", "removed", "added"], (await changes.ListAsync(owner, 10, Token)).Select(static change => change.Kind));
    }

    [Fact]
    public async Task Import_AddsWhatIsNew_AndUndoTakesThatOnlyBack()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var (_, owner) = await DomainAsync(database);
        await database.Get<Suppressions>().AddAsync(owner, AddressList.Block, new("old@x.example", "manual"), "me", Token);
        var csv = new SuppressionCsv();
        using var text = new StringReader("expires_at,Address,note,reason\n,\"NEW@x.example\",\"a, \"\"b\"\"\",'=bad\r\n2030-01-01,old@x.example,,\n\nnot an address\n,'+tag@x.example,,\n");

        var change = await database.Get<SuppressionChanges>().ImportAsync(owner, AddressList.Block, csv.ReadAsync(text, "imported", Token), "me", Token);

        Assert.Equal((2, 1, "record 5: no email address"), (change.Addresses, csv.Invalid, Assert.Single(csv.Faults)));
        var exported = await ExportAsync(database, owner);
        Assert.Equal(
            ["old@x.example,manual,", "new@x.example,'=bad,", "'+tag@x.example,imported,"],
            exported.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(static line => line[..(line.IndexOf(',', line.IndexOf(',', StringComparison.Ordinal) + 1) + 1)]));

        Assert.Equal(2, (await database.Get<SuppressionChanges>().UndoAsync(owner, change.Id, "me", Token))!.Addresses);
        Assert.Equal("old@x.example", Assert.Single(await database.Get<Suppressions>().ListAsync(owner, AddressList.Block, new(), Token)).Address);
    }

    [Fact]
    public async Task ImportAndExport_AMillionRows_Stream()
    {
        const int Rows = 1_000_000;
        await using var database = await TestDatabase.CreateAsync(postgres);
        var (_, owner) = await DomainAsync(database);
        using var text = new StreamReader(new NumberedAddresses(Rows), Encoding.UTF8);
        var csv = new SuppressionCsv();

        var change = await database.Get<SuppressionChanges>().ImportAsync(owner, AddressList.Block, csv.ReadAsync(text, "imported", Token), "me", Token);

        Assert.Equal((Rows, 0), (change.Addresses, csv.Invalid));
        Assert.Equal(Rows, (await LogAsync(database)).Sum(static group => group.Digests.Count));
        var exported = 0;
        await foreach (var _ in database.Get<SuppressionChanges>().ExportAsync(owner, AddressList.Block, Token))
        {
            exported++;
        }

        Assert.Equal(Rows, exported);
    }

    [Fact]
    public async Task Expire_TakesOffWhatIsOver()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var (_, owner) = await DomainAsync(database);
        var lists = database.Get<Suppressions>();
        await lists.AddAsync(owner, AddressList.Block, new("short@x.example", "manual", TestDatabase.Noon.AddDays(1)), "me", Token);
        await lists.AddAsync(owner, AddressList.Allow, new("short@x.example", "manual", TestDatabase.Noon.AddDays(1)), "me", Token);
        await lists.AddAsync(owner, AddressList.Block, new("long@x.example", "manual"), "me", Token);

        Assert.Equal(0, await lists.ExpireAsync(Token));
        database.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(2, await lists.ExpireAsync(Token));

        Assert.Equal("long@x.example", Assert.Single(await lists.ListAsync(owner, AddressList.Block, new(), Token)).Address);
        Assert.Equal([SuppressionAction.Unblock, SuppressionAction.Disallow], (await LogAsync(database)).Select(static group => group.Action).TakeLast(2));
    }

    [Theory]
    [InlineData(SuppressionScope.Domain)]
    [InlineData(SuppressionScope.Organisation)]
    public async Task Events_ThatSuppress_FillTheListOfTheScope_WithReplyAndEvent(SuppressionScope scope)
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var (organisation, domain) = await DomainAsync(database);
        await database.Get<Organisations>().SetSuppressionsAsync(organisation, scope, 30, Token);
        var email = Samples.Email(7, TestDatabase.Noon, "Complains@x.example", "gone@x.example", "policy@x.example") with { DomainId = domain.DomainId!.Value };
        var bounced = Samples.Attempted(email, 1, TestDatabase.Noon, RecipientState.Bounced, 0, 1, 2);
        bounced = bounced with
        {
            Outcomes =
            [
                bounced.Outcomes[0] with { State = RecipientState.Complained, Reply = new RemoteReply(0, null, "abuse") },
                bounced.Outcomes[1] with { Reply = new RemoteReply(550, "5.1.1", "no such user"), Fault = Hard },
                bounced.Outcomes[2] with { Reply = new RemoteReply(550, "5.1.1", "spam"), Fault = Policy },
            ],
        };

        await database.Get<ProjectionCursors>().ReadOrCreateAsync("EVENTS-0", TestDatabase.Noon, Token);
        await database.Get<Projection>().ApplyEventsAsync(new ProjectedRange("EVENTS-0", 0, 1), [bounced], Token);

        var owner = scope == SuppressionScope.Domain ? domain : ListOwner.OfOrganisation(organisation);
        var listed = await database.Get<Suppressions>().ListAsync(owner, AddressList.Block, new(), Token);
        Assert.Equal(["gone@x.example", "complains@x.example"], listed.Select(static entry => entry.Address));
        Assert.Equal(
            ("bounced", 550, "5.1.1", "no such user", 7L, "email.bounced"),
            (listed[0].Reason, listed[0].ReplyCode!.Value, listed[0].ReplyEnhanced!, listed[0].ReplyText!, listed[0].EmailId!.Value, listed[0].Event!));
        Assert.Equal("email.complained", listed[1].Event);
        Assert.Equal(TestDatabase.Noon.AddDays(30), listed[1].ExpiresAt);
        Assert.Equal(2, Assert.Single(await LogAsync(database)).Digests.Count);
    }

    private static DeliveryFault Hard => new(FaultOwner.Recipient, FaultReason.UnknownRecipient, FaultPermanence.Address);

    private static DeliveryFault Policy => new(FaultOwner.Policy, FaultReason.Spam, FaultPermanence.Message);

    private static async Task<(long Organisation, ListOwner Domain)> DomainAsync(TestDatabase database)
    {
        var organisation = await database.Get<Organisations>().AddAsync("Acme", Token);
        var domain = (await database.Get<Domains>().AddAsync(organisation.Id, "acme.example", Token))!;
        return (organisation.Id, ListOwner.OfDomain(domain.Id));
    }

    private static async Task<string> ExportAsync(TestDatabase database, ListOwner owner)
    {
        var text = new StringBuilder();
        await foreach (var entry in database.Get<SuppressionChanges>().ExportAsync(owner, AddressList.Block, Token))
        {
            text.Append(SuppressionCsv.Write(entry));
        }

        return text.ToString();
    }

    /// <summary>What the outbox tells the directory of the lists, in order.</summary>
    private static async Task<IReadOnlyList<SuppressionGroup>> LogAsync(TestDatabase database)
    {
        var log = new List<SuppressionGroup>();
        await database.Get<DirectoryOutbox>().DrainAsync(
            1_000,
            (entry, _) =>
            {
                if (entry.Key.StartsWith(DirectoryKeys.SuppressionPrefix, StringComparison.Ordinal))
                {
                    Assert.True(SuppressionLog.TryRead(Encoding.UTF8.GetBytes(entry.Value!), out SnapshotPart _, out var groups));
                    log.AddRange(groups);
                }

                return Task.CompletedTask;
            },
            Token);
        return log;
    }

    /// <summary>A file of that many addresses, which nowhere is whole.</summary>
    private sealed class NumberedAddresses(int rows) : Stream
    {
        private readonly Queue<byte> _left = new();
        private int _written;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = 0;
            while (read < count && (_left.Count > 0 || TryFill()))
            {
                buffer[offset + read++] = _left.Dequeue();
            }

            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private bool TryFill()
        {
            if (_written == rows)
            {
                return false;
            }

            foreach (var octet in Encoding.UTF8.GetBytes($"user{_written++}@recipients.example\n"))
            {
                _left.Enqueue(octet);
            }

            return true;
        }
    }
}
