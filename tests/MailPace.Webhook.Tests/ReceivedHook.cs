using System.Text.Json;

namespace MailPace.Webhook.Tests;

/// <summary>One request that an endpoint got.</summary>
internal sealed record ReceivedHook(string Path, byte[] Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json { get; } = Body.Length == 0 ? default : JsonDocument.Parse(Body).RootElement;

    public string Name => Json.GetProperty("event").GetString()!;

    public JsonElement Payload => Json.GetProperty("payload");

    public string EventId => Payload.GetProperty("event_id").GetString()!;

    public long EmailId => Payload.GetProperty("id").GetInt64();
}
