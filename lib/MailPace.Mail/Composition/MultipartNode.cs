using System.Buffers;
using System.Text;

namespace MailPace.Mail.Composition;

/// <summary>A multipart (RFC 2046 §5.1).</summary>
/// <param name="subtype"><c>alternative</c>, <c>related</c> (RFC 2387) or <c>mixed</c>.</param>
/// <param name="boundary">Stands in none of the parts.</param>
/// <param name="parts">At least one.</param>
internal sealed class MultipartNode(string subtype, string boundary, IReadOnlyList<MimeNode> parts) : MimeNode
{
    public override void Write(IBufferWriter<byte> output)
    {
        // RFC 2387 §3.1: related names the type of its root.
        var root = subtype == "related" ? " type=\"text/html\";" : "";
        Encoding.ASCII.GetBytes($"Content-Type: multipart/{subtype};{root}\r\n boundary=\"{boundary}\"\r\n", output);
        foreach (var part in parts)
        {
            Encoding.ASCII.GetBytes($"\r\n--{boundary}\r\n", output);
            part.Write(output);
        }

        Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n", output);
    }
}
