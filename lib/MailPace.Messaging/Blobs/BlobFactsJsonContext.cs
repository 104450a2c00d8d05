using System.Text.Json.Serialization;
using NATS.Client.ObjectStore.Models;

namespace MailPace.Messaging.Blobs;

/// <summary>The facts of a blob, as NATS has them.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ObjectMetadata))]
internal sealed partial class BlobFactsJsonContext : JsonSerializerContext;
