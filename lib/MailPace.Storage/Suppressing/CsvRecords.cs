using System.Text;

namespace MailPace.Storage.Suppressing;

/// <summary>Reads CSV (RFC 4180) record by record, with a bound on each. Fields may be quoted; lines end with LF or CRLF.</summary>
internal sealed class CsvRecords(TextReader reader)
{
    /// <summary>Characters of one record; what is longer is cut and fails its check.</summary>
    public const int MaxRecord = 8_192;

    private readonly char[] _buffer = new char[16 * 1024];
    private int _position;
    private int _length;

    /// <summary>Number of the record that was read last, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The next record that isn't empty; null at the end.</summary>
    public async ValueTask<IReadOnlyList<string>?> ReadAsync(CancellationToken cancellationToken)
    {
        while (await ReadOneAsync(cancellationToken) is { } record)
        {
            Number++;
            if (record is not [""])
            {
                return record;
            }
        }

        return null;
    }

    private async ValueTask<List<string>?> ReadOneAsync(CancellationToken cancellationToken)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var size = 0;
        var isQuoted = false;
        var isEnd = true;
        while (await ReadCharacterAsync(cancellationToken) is { } c)
        {
            isEnd = false;
            if (c == '"')
            {
                // Within quotes two of them are one; the first of a field opens, the last one closes.
                if (!isQuoted && field.Length > 0 && field[^1] == '\uFFFF')
                {
                    field[^1] = '"';
                    isQuoted = true;
                    continue;
                }

                if (isQuoted)
                {
                    field.Append('\uFFFF');
                }

                isQuoted = !isQuoted;
                continue;
            }

            if (!isQuoted && c == '\n')
            {
                break;
            }

            if (!isQuoted && c == ',')
            {
                fields.Add(Finish(field));
                continue;
            }

            if (++size <= MaxRecord)
            {
                field.Append(c);
            }
        }

        if (isEnd)
        {
            return null;
        }

        fields.Add(Finish(field));
        return fields;
    }

    /// <summary>Without the mark of a closing quote and the CR of the line's end.</summary>
    private static string Finish(StringBuilder field)
    {
        var text = field.Replace("\uFFFF", "").ToString().Trim();
        field.Clear();
        return text;
    }

    private async ValueTask<char?> ReadCharacterAsync(CancellationToken cancellationToken)
    {
        if (_position == _length)
        {
            _length = await reader.ReadAsync(_buffer, cancellationToken);
            _position = 0;
            if (_length == 0)
            {
                return null;
            }
        }

        return _buffer[_position++];
    }
}
