using Npgsql;
using NpgsqlTypes;

namespace MailPace.Storage.History;

/// <summary>
/// Text from outside on its way into a <c>text</c> column. PostgreSQL stores neither U+0000 nor a lone surrogate; one
/// such character in one email must not hold up the projection of all others.
/// </summary>
internal static class PostgresText
{
    public static string Storable(string text)
    {
        if (!NeedsRepair(text))
        {
            return text;
        }

        return string.Create(text.Length, text, static (span, source) =>
        {
            for (var i = 0; i < source.Length; i++)
            {
                var isPair = char.IsHighSurrogate(source[i]) && i + 1 < source.Length && char.IsLowSurrogate(source[i + 1]);
                if (isPair)
                {
                    span[i] = source[i];
                    span[i + 1] = source[++i];
                    continue;
                }

                span[i] = source[i] == '\0' || char.IsSurrogate(source[i]) ? '\uFFFD' : source[i];
            }
        });
    }

    public static Task WriteTextAsync(this NpgsqlBinaryImporter rows, string? text, CancellationToken cancellationToken)
        => text is null ? rows.WriteNullAsync(cancellationToken) : rows.WriteAsync(Storable(text), NpgsqlDbType.Text, cancellationToken);

    public static Task WriteNullableAsync<T>(this NpgsqlBinaryImporter rows, T? value, NpgsqlDbType type, CancellationToken cancellationToken)
        where T : struct
        => value is { } given ? rows.WriteAsync(given, type, cancellationToken) : rows.WriteNullAsync(cancellationToken);

    private static bool NeedsRepair(string text) => text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') || text.Contains('\0', StringComparison.Ordinal);
}
