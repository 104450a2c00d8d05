namespace MailPace.Host.Tests.Tracing;

/// <summary>A span as OTLP carries it (opentelemetry/proto/trace/v1/trace.proto).</summary>
internal sealed record ExportedSpan(string TraceId, string Id, string ParentId, string Name, IReadOnlyDictionary<string, string> Attributes)
{
    /// <summary>The spans of an ExportTraceServiceRequest.</summary>
    public static IEnumerable<ExportedSpan> Read(ReadOnlyMemory<byte> request)
        => from resource in Children(request, 1)
           from scope in Children(resource, 2)
           from span in Children(scope, 2)
           select Of(span);

    private static ExportedSpan Of(ReadOnlyMemory<byte> span)
    {
        var fields = ProtobufReader.Read(span).ToLookup(field => field.Number);
        return new ExportedSpan(
            fields[1].Single().Hex,
            fields[2].Single().Hex,
            fields[4].Select(parent => parent.Hex).FirstOrDefault(""),
            fields[5].Single().Text,
            fields[9].Select(attribute => ProtobufReader.Read(attribute.Bytes).ToLookup(field => field.Number))
                .ToDictionary(pair => pair[1].Single().Text, pair => ValueOf(pair[2].Single().Bytes)));
    }

    private static string ValueOf(ReadOnlyMemory<byte> any)
        => ProtobufReader.Read(any).Select(value => value.Number == 1 ? value.Text : FormattableString.Invariant($"{value.Value}")).FirstOrDefault("");

    private static IEnumerable<ReadOnlyMemory<byte>> Children(ReadOnlyMemory<byte> message, int number)
        => ProtobufReader.Read(message).Where(field => field.Number == number).Select(field => field.Bytes);
}
