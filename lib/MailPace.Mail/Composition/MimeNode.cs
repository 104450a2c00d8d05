using System.Buffers;

namespace MailPace.Mail.Composition;

/// <summary>A node of the body: its own header fields, the empty line, its content.</summary>
internal abstract class MimeNode
{
    public abstract void Write(IBufferWriter<byte> output);
}
