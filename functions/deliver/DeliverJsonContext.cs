using System.Text.Json.Serialization;
using MailPace.Deliver.Shaping;
using MailPace.Smtp.Security;

namespace MailPace.Deliver;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(InvokedJob))]
[JsonSerializable(typeof(ShippedGroup[]))]
[JsonSerializable(typeof(StsEntry))]
internal sealed partial class DeliverJsonContext : JsonSerializerContext;
