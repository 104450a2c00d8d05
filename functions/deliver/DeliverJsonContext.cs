using System.Text.Json.Serialization;
using MailPace.Deliver.Shaping;

namespace MailPace.Deliver;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(InvokedJob))]
[JsonSerializable(typeof(ShippedGroup[]))]
internal sealed partial class DeliverJsonContext : JsonSerializerContext;
