using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NATS.Net;
using Npgsql;

namespace MailPace.Testing.Tests;

public sealed class ServersTests
{
    [Fact]
    public async Task NatsServer_KilledAndRestarted_KeepsWhatItAcknowledged()
    {
        var token = TestContext.Current.CancellationToken;
        await using var server = await NatsServer.StartAsync();
        await using (var client = new NatsClient(server.Url))
        {
            var jetStream = client.CreateJetStreamContext();
            await jetStream.CreateStreamAsync(new StreamConfig("KEPT", ["kept"]), token);
            (await jetStream.PublishAsync("kept", "text", cancellationToken: token)).EnsureSuccess();
        }

        await server.RestartAsync();

        await using var again = new NatsClient(server.Url);
        var stream = await again.CreateJetStreamContext().GetStreamAsync("KEPT", cancellationToken: token);
        Assert.Equal(1, (long)stream.Info.State.Messages);
    }

    [Fact]
    public async Task PostgresServer_StoppedAndStarted_KeepsItsDatabases()
    {
        var token = TestContext.Current.CancellationToken;
        await using var server = await PostgresServer.StartAsync();
        var database = await server.CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database);
        await using (var create = source.CreateCommand("create table kept as select 1 as one"))
        {
            await create.ExecuteNonQueryAsync(token);
        }

        await server.StopAsync();
        await server.StartAgainAsync();

        await using var again = NpgsqlDataSource.Create(database);
        await using var select = again.CreateCommand("select one from kept");
        Assert.Equal(1, await select.ExecuteScalarAsync(token));
    }
}
