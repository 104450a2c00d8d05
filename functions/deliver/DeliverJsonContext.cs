using System.Text.Json.Serialization;

namespace MailPace.Deliver;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(InvokedJob))]
internal sealed partial class DeliverJsonContext : JsonSerializerContext;
