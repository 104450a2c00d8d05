using System.Text.Json.Serialization;
using MailPace.Contracts.Directory;
using MailPace.Contracts.Shaping;

namespace MailPace.Contracts;

/// <summary>Source-generated JSON of everything that crosses a stream or the directory.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(AcceptedEmail))]
[JsonSerializable(typeof(InboundMessage))]
[JsonSerializable(typeof(DeliveryJob))]
[JsonSerializable(typeof(RedriveRequest))]
[JsonSerializable(typeof(EmailEvent))]
[JsonSerializable(typeof(TlsSession))]
[JsonSerializable(typeof(WebhookDelivery))]
[JsonSerializable(typeof(WebhookReplay))]
[JsonSerializable(typeof(WebhooksEntry))]
[JsonSerializable(typeof(TokenEntry))]
[JsonSerializable(typeof(OrganisationEntry))]
[JsonSerializable(typeof(DomainEntry))]
[JsonSerializable(typeof(DkimKeysEntry))]
[JsonSerializable(typeof(InboundEndpointEntry))]
[JsonSerializable(typeof(GroupState))]
public sealed partial class ContractsJsonContext : JsonSerializerContext;
