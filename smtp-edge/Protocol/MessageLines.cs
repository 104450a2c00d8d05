namespace MailPace.SmtpEdge.Protocol;

/// <summary>
/// How long a message's header and lines have become, wherever its octets are cut: the header ends with the first empty line.
/// Beyond the header, lines are looked for only where they have a limit.
/// </summary>
/// <param name="headerLimit">Most octets of the header, its line ends included.</param>
/// <param name="lineLimit">Most octets of a line, CRLF included; 0 for any number.</param>
internal struct MessageLines(int headerLimit, int lineLimit)
{
    private bool _inBody;
    private int _header;
    private int _line;
    private bool _lineHasText;

    /// <summary>The header is complete.</summary>
    public readonly bool InBody => _inBody;

    /// <summary>Takes the next octets of the message.</summary>
    /// <returns>Which limit they pass.</returns>
    public DataFault Take(ReadOnlySpan<byte> octets)
    {
        while (!octets.IsEmpty && (!_inBody || lineLimit > 0))
        {
            var end = octets.IndexOf((byte)'\n');
            var part = end < 0 ? octets : octets[..(end + 1)];
            if (Count(part) is var fault and not DataFault.None)
            {
                return fault;
            }

            if (end >= 0)
            {
                _inBody |= !_lineHasText;
                (_line, _lineHasText) = (0, false);
            }

            octets = octets[part.Length..];
        }

        return DataFault.None;
    }

    private DataFault Count(ReadOnlySpan<byte> part)
    {
        _line += part.Length;
        _lineHasText |= part.ContainsAnyExcept((byte)'\r', (byte)'\n');
        if (lineLimit > 0 && _line > lineLimit)
        {
            return DataFault.LineTooLong;
        }

        if (_inBody)
        {
            return DataFault.None;
        }

        _header += part.Length;
        return _header > headerLimit ? DataFault.HeaderTooLarge : DataFault.None;
    }
}
