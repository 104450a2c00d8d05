using System.Globalization;
using System.Text;
using MailPace.Mail.Addresses;
using MailPace.Storage.History;

namespace MailPace.Storage.Suppressing;

/// <summary>
/// The lists as CSV, in and out, as a stream. The first line may name the columns, of which <c>address</c>, <c>reason</c> and
/// <c>expires_at</c> are read; without it they stand in this order. What a spreadsheet would take for a formula is written with an
/// apostrophe before it, which is taken off again on the way in.
/// </summary>
public sealed class SuppressionCsv
{
    private const int MaxReason = 500;
    private const int MaxFaults = 20;
    private const string FormulaStarts = "=+-@'\t\r";

    private static readonly string[] Columns = ["address", "reason", "expires_at"];

    private readonly List<string> _faults = [];

    public static string Header => "address,reason,expires_at,created_at,reply_code,reply_enhanced,reply_text,email_id,event";

    /// <summary>Records that couldn't be taken.</summary>
    public long Invalid { get; private set; }

    /// <summary>The first of them, in words.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>The valid entries; the others are counted.</summary>
    public async IAsyncEnumerable<NewSuppression> ReadAsync(
        TextReader text, string defaultReason, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var records = new CsvRecords(text);
        var columns = Columns;
        while (await records.ReadAsync(cancellationToken) is { } record)
        {
            if (records.Number == 1 && record.Any(static field => field.Equals("address", StringComparison.OrdinalIgnoreCase)))
            {
                columns = [.. record.Select(static field => field.ToLowerInvariant())];
                continue;
            }

            if (Parse(record, columns, defaultReason, out var fault) is { } entry)
            {
                yield return entry;
                continue;
            }

            Invalid++;
            if (_faults.Count < MaxFaults)
            {
                _faults.Add(string.Create(CultureInfo.InvariantCulture, $"record {records.Number}: {fault}"));
            }
        }
    }

    /// <summary>One line, with its end.</summary>
    public static string Write(Suppression entry) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Field(entry.Address)},{Field(entry.Reason)},{TimeOf(entry.ExpiresAt)},{TimeOf(entry.CreatedAt)},{entry.ReplyCode},{Field(entry.ReplyEnhanced)},{Field(entry.ReplyText)},{entry.EmailId},{entry.Event}\r\n");

    private static NewSuppression? Parse(IReadOnlyList<string> record, string[] columns, string defaultReason, out string fault)
    {
        if (!EmailAddress.TryParse(Value("address"), out var address))
        {
            fault = "no email address";
            return null;
        }

        DateTimeOffset? expiry = null;
        if (Value("expires_at") is { Length: > 0 } text)
        {
            if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment))
            {
                fault = "expires_at is no time";
                return null;
            }

            expiry = moment;
        }

        fault = "";
        var reason = Value("reason") is { Length: > 0 } given ? PostgresText.Storable(given) : defaultReason;
        return new NewSuppression(address.Address, reason.Length > MaxReason ? reason[..MaxReason] : reason, expiry);

        string Value(string column)
        {
            var index = Array.IndexOf(columns, column);
            var value = index >= 0 && index < record.Count ? record[index] : "";
            return value is ['\'', var next, ..] && FormulaStarts.Contains(next) ? value[1..] : value;
        }
    }

    private static string TimeOf(DateTimeOffset? moment) => moment?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";

    private static string Field(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var safe = new StringBuilder(text.Length + 2);
        if (FormulaStarts.Contains(text[0]))
        {
            safe.Append('\'');
        }

        safe.Append(text);
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? safe.ToString() : $"\"{safe.Replace("\"", "\"\"")}\"";
    }
}
