using System.Text.Json.Serialization;

namespace MailPace.Sandbox.Reading;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(FilterFaults))]
[JsonSerializable(typeof(ReceivedEmail))]
[JsonSerializable(typeof(IReadOnlyList<ReceivedEmail>))]
internal sealed partial class SandboxJsonContext : JsonSerializerContext;
