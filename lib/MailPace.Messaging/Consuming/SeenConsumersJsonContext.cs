using System.Text.Json.Serialization;

namespace MailPace.Messaging.Consuming;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SeenConsumer[]))]
internal sealed partial class SeenConsumersJsonContext : JsonSerializerContext;
