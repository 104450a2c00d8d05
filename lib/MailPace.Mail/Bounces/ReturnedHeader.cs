namespace MailPace.Mail.Bounces;

/// <summary>The header of the message that a report returns: a stranger's copy, to be believed only where it proves itself.</summary>
public sealed class ReturnedHeader
{
    private const int MaxFields = 500;

    private readonly List<KeyValuePair<string, string>> _fields = [];

    /// <summary>The first value of a field, unfolded; null when there's none.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (var (field, value) in _fields)
            {
                if (field.Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return value;
                }
            }

            return null;
        }
    }

    public IEnumerable<string> All(string name)
        => _fields.Where(field => field.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value);

    internal void Add(string name, string value)
    {
        if (_fields.Count < MaxFields)
        {
            _fields.Add(new(name, value));
        }
    }

    /// <summary>Reads fields from text up to the first empty line; null when there are none.</summary>
    internal static ReturnedHeader? Read(string text)
    {
        var header = new ReturnedHeader();
        foreach (var (name, value) in FieldBlocks.Read(text).FirstOrDefault() ?? [])
        {
            header.Add(name, value);
        }

        return header._fields.Count > 0 ? header : null;
    }
}
