namespace MailPace.SmtpEdge.Protocol;

/// <summary>
/// The argument of MAIL or RCPT, taken apart: <c>FROM:&lt;path&gt; parameters</c> (RFC 5321 §4.1.1.2). White space between
/// the colon and the path is let through, since many clients send it; a path without angle brackets is not.
/// </summary>
internal readonly ref struct PathArgument
{
    private PathArgument(ReadOnlySpan<byte> path, ReadOnlySpan<byte> parameters)
    {
        Path = path;
        Parameters = parameters;
    }

    /// <summary>What stands between the angle brackets.</summary>
    public ReadOnlySpan<byte> Path { get; }

    public ReadOnlySpan<byte> Parameters { get; }

    /// <param name="arguments">What follows the verb.</param>
    /// <param name="keyword"><c>FROM:</c> or <c>TO:</c>.</param>
    /// <param name="argument">The parts.</param>
    public static bool TryParse(ReadOnlySpan<byte> arguments, ReadOnlySpan<byte> keyword, out PathArgument argument)
    {
        argument = default;
        if (arguments.Length < keyword.Length || !System.Text.Ascii.EqualsIgnoreCase(arguments[..keyword.Length], keyword))
        {
            return false;
        }

        var rest = arguments[keyword.Length..].TrimStart((byte)' ');
        if (rest.IsEmpty || rest[0] != '<')
        {
            return false;
        }

        var end = EndOfPath(rest);
        if (end < 0 || (end + 1 < rest.Length && rest[end + 1] != ' '))
        {
            return false;
        }

        argument = new PathArgument(rest[1..end], rest[(end + 1)..].Trim((byte)' '));
        return true;
    }

    /// <summary>The first <c>&gt;</c> outside a quoted local part.</summary>
    private static int EndOfPath(ReadOnlySpan<byte> text)
    {
        var quoted = false;
        for (var i = 1; i < text.Length; i++)
        {
            switch (text[i])
            {
                case (byte)'"':
                    quoted = !quoted;
                    break;
                case (byte)'\\' when quoted:
                    i++;
                    break;
                case (byte)'>' when !quoted:
                    return i;
            }
        }

        return -1;
    }
}
