using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace MailPace.Storage.Directory;

/// <summary>The JSON of a directory entry, as the bucket holds it.</summary>
internal static class DirectoryValue
{
    public static string Of<T>(T entry, JsonTypeInfo<T> type) => JsonSerializer.Serialize(entry, type);
}
