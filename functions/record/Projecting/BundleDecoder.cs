using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MailPace.Messaging.Bundles;

namespace MailPace.Record.Projecting;

/// <summary>Takes bundles apart. What can't be read is a fault to be put aside, never a reason to stop.</summary>
internal static class BundleDecoder
{
    public static DecodedBundle<T> Decode<T>(ReadOnlyMemory<byte> payload, JsonTypeInfo<T> type)
        where T : class
    {
        BundleItem[] items;
        try
        {
            items = Bundle.Read(payload);
        }
        catch (BundleFormatException unreadable)
        {
            return new DecodedBundle<T>([], unreadable.Message);
        }

        var decoded = new List<DecodedItem<T>>(items.Length);
        string? fault = null;
        foreach (var item in items)
        {
            try
            {
                var value = JsonSerializer.Deserialize(item.Metadata.Span, type) ?? throw new JsonException("The metadata is null.");
                decoded.Add(new DecodedItem<T>(value, item.Body));
            }
            catch (JsonException unreadable)
            {
                fault = $"Email {item.EmailId}: {unreadable.Message}";
            }
        }

        return new DecodedBundle<T>(decoded, fault);
    }
}
