using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace MailPace.Send.Requests;

/// <summary>Decodes an attachment straight from the request's bytes; white space inside is allowed (RFC 2045 §6.8).</summary>
internal static class Base64Content
{
    public static bool TryDecode(ref Utf8JsonReader reader, out byte[] content)
    {
        if (!reader.ValueIsEscaped)
        {
            return TryDecode(reader.ValueSpan, out content);
        }

        // PHP escapes every slash and others their line breaks: those are unescaped into a rented buffer first.
        var rented = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            return TryDecode(rented.AsSpan(0, reader.CopyString(rented)), out content);
        }
        catch (InvalidOperationException)
        {
            content = [];
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static bool TryDecode(ReadOnlySpan<byte> base64, out byte[] content)
    {
        content = [];
        if (!Base64.IsValid(base64, out var length))
        {
            return false;
        }

        content = new byte[length];
        return Base64.DecodeFromUtf8(base64, content, out _, out _) is OperationStatus.Done;
    }
}
