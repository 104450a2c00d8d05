using System.Text.Json.Serialization;

namespace MailPace.Sandbox.Reading;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(FilterFaults))]
[JsonSerializable(typeof(ReceivedEmail))]
[JsonSerializable(typeof(IAsyncEnumerable<ReceivedEmail>))]
internal sealed partial class SandboxJsonContext : JsonSerializerContext;
