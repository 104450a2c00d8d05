using System.Text;

namespace MailPace.SmtpEdge.Protocol;

/// <summary>A command line taken apart into verb and arguments, without copying either.</summary>
/// <param name="Verb">The command.</param>
/// <param name="Arguments">What follows the verb, without surrounding white space. Valid until the session reads on.</param>
internal readonly record struct CommandLine(SmtpVerb Verb, ReadOnlyMemory<byte> Arguments)
{
    public static CommandLine Parse(ReadOnlyMemory<byte> line)
    {
        var span = line.Span;
        var end = span.IndexOfAny((byte)' ', (byte)'\t');
        var verb = VerbOf(end < 0 ? span : span[..end]);
        return new CommandLine(verb, end < 0 ? default : Trim(line[end..]));
    }

    private static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> text) => text.Trim(" \t"u8);

    private static SmtpVerb VerbOf(ReadOnlySpan<byte> word) => word.Length switch
    {
        4 => FourLetters(word),
        8 when Ascii.EqualsIgnoreCase(word, "STARTTLS"u8) => SmtpVerb.StartTls,
        _ => SmtpVerb.Unknown,
    };

    private static SmtpVerb FourLetters(ReadOnlySpan<byte> word)
    {
        Span<byte> upper = stackalloc byte[4];
        return Ascii.ToUpper(word, upper, out _) != System.Buffers.OperationStatus.Done
            ? SmtpVerb.Unknown
            : upper switch
            {
                [(byte)'E', (byte)'H', (byte)'L', (byte)'O'] => SmtpVerb.Ehlo,
                [(byte)'H', (byte)'E', (byte)'L', (byte)'O'] => SmtpVerb.Helo,
                [(byte)'A', (byte)'U', (byte)'T', (byte)'H'] => SmtpVerb.Auth,
                [(byte)'M', (byte)'A', (byte)'I', (byte)'L'] => SmtpVerb.Mail,
                [(byte)'R', (byte)'C', (byte)'P', (byte)'T'] => SmtpVerb.Rcpt,
                [(byte)'D', (byte)'A', (byte)'T', (byte)'A'] => SmtpVerb.Data,
                [(byte)'B', (byte)'D', (byte)'A', (byte)'T'] => SmtpVerb.Bdat,
                [(byte)'R', (byte)'S', (byte)'E', (byte)'T'] => SmtpVerb.Rset,
                [(byte)'N', (byte)'O', (byte)'O', (byte)'P'] => SmtpVerb.Noop,
                [(byte)'Q', (byte)'U', (byte)'I', (byte)'T'] => SmtpVerb.Quit,
                [(byte)'V', (byte)'R', (byte)'F', (byte)'Y'] => SmtpVerb.Vrfy,
                [(byte)'E', (byte)'X', (byte)'P', (byte)'N'] => SmtpVerb.Expn,
                [(byte)'H', (byte)'E', (byte)'L', (byte)'P'] => SmtpVerb.Help,
                _ => SmtpVerb.Unknown,
            };
    }
}
