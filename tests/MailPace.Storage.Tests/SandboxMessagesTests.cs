using MailPace.Storage.Sandbox;
using MailPace.Testing;

namespace MailPace.Storage.Tests;

public sealed class SandboxMessagesTests(PostgresServerFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ListAsync_Filters_NewestFirst()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var messages = database.Get<SandboxMessages>();
        var ids = await messages.AddAsync([Message("Ann@x.example", "Hello 📧"), Message("bob@x.example", "Other")], Token);
        database.Time.Advance(TimeSpan.FromMinutes(1));
        var last = await messages.AddAsync(Message("cid@x.example", null), Token);

        Assert.Equal([last, ids[1], ids[0]], await IdsAsync(new SandboxQuery()));
        Assert.Equal([ids[0]], await IdsAsync(new SandboxQuery { To = "ann@X" }));
        Assert.Equal([ids[0]], await IdsAsync(new SandboxQuery { Subject = "hello" }));
        Assert.Equal([last], await IdsAsync(new SandboxQuery { Since = TestDatabase.Noon.AddSeconds(1) }));
        Assert.Equal([last], await IdsAsync(new SandboxQuery { Limit = 1 }));
        Assert.Empty(await IdsAsync(new SandboxQuery { To = "%" }));
        Assert.Equal("raw"u8.ToArray(), await messages.FindRawAsync(ids[0], Token));
        Assert.Equal(3, (await messages.FindAsync(ids[0], Token))!.Size);

        async Task<IEnumerable<long>> IdsAsync(SandboxQuery query) => (await messages.ListAsync(query, Token)).Select(m => m.Id);
    }

    [Fact]
    public async Task ListAsync_DatabaseOfTheCLocale_ComparesAllLettersWithoutCase()
    {
        await using var database = TestDatabase.Open(await (await postgres.ServerAsync()).CreateDatabaseAsync("template template0 locale 'C'"));
        await database.Get<Storage.Migrations.Migrator>().MigrateAsync(Token);
        Assert.Equal("ä", await database.ScalarAsync<string>("select lower('ä')"));
        Assert.Equal("Ä", await database.ScalarAsync<string>("select lower('Ä')"));
        var id = await database.Get<SandboxMessages>().AddAsync(Message("jürgen@x.example", "Größe ΣΟΦΟΣ"), Token);

        foreach (var query in new SandboxQuery[] { new() { To = "JÜRGEN" }, new() { Subject = "GRÖßE" }, new() { Subject = "σοφος" } })
        {
            Assert.Equal(id, Assert.Single(await database.Get<SandboxMessages>().ListAsync(query, Token)).Id);
        }
    }

    [Fact]
    public async Task TrimAsync_BoundsByCountAndAge()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var messages = database.Get<SandboxMessages>();
        await messages.AddAsync(Message("old@x.example", "1"), Token);
        database.Time.Advance(TimeSpan.FromDays(2));
        var ids = await messages.AddAsync([Message("a@x.example", "2"), Message("b@x.example", "3"), Message("c@x.example", "4")], Token);

        Assert.Equal(1, await messages.TrimAsync(keep: 100, TestDatabase.Noon.AddDays(1), Token));
        Assert.Equal(1, await messages.TrimAsync(keep: 2, TestDatabase.Noon.AddDays(1), Token));

        Assert.Equal([ids[2], ids[1]], (await messages.ListAsync(new SandboxQuery(), Token)).Select(m => m.Id));
    }

    private static NewSandboxMessage Message(string to, string? subject) => new()
    {
        ReversePath = "",
        Recipients = [to],
        HeaderTo = to,
        Subject = subject,
        Raw = "raw"u8.ToArray(),
    };
}
