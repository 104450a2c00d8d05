using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MailPace.Host.Commands;

/// <summary>How commands print values.</summary>
internal static class CommandText
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static string Of(long number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Of(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Of(DateTimeOffset? moment) => moment is { } given ? Of(given) : "";

    public static string Of<T>(T state)
        where T : struct, Enum
        => state.ToString().ToLowerInvariant();

    public static string Of(bool yes) => yes ? "yes" : "no";

    public static string JsonOf<T>(T value) => JsonSerializer.Serialize(value, Json);
}
