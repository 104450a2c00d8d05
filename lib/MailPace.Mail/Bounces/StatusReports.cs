using MailPace.Contracts;
using MailPace.Mail.Replies;

namespace MailPace.Mail.Bounces;

/// <summary>Reads the recipients of a delivery status notification (RFC 3464 §2.3), also where its fields stand in plain text.</summary>
internal static class StatusReports
{
    private const int MaxRecipients = 100;
    private const int MaxReason = 1200;

    public static IReadOnlyList<ReportedRecipient> Find(ReportParts parts)
    {
        var words = new ReportWords(ReturnedText.Before(parts.Words));
        var texts = parts.StatusParts.ToArray();
        if (texts.Length == 0)
        {
            texts = parts.Words.Contains("Final-Recipient:", StringComparison.OrdinalIgnoreCase) ? [parts.Words] : [];
        }

        var recipients = new List<ReportedRecipient>();
        foreach (var block in texts.SelectMany(FieldBlocks.Read).SelectMany(Split))
        {
            if (recipients.Count < MaxRecipients && Read(block, words, parts) is { } recipient
                && !recipients.Exists(other => other.Address.Equals(recipient.Address, StringComparison.OrdinalIgnoreCase)))
            {
                recipients.Add(recipient);
            }
        }

        return recipients;
    }

    /// <param name="address">Whom it's about.</param>
    /// <param name="original">Whom it was sent to.</param>
    /// <param name="action">What became of it.</param>
    /// <param name="status">The report's own field.</param>
    /// <param name="reason">The words about this recipient.</param>
    /// <param name="words">All of the report's words: they may show the conversation.</param>
    /// <param name="remoteHost">Who refused.</param>
    public static ReportedRecipient Recipient(string address, string? original, ReportedAction action, string? status, string reason, ReportWords words, string? remoteHost)
    {
        reason = reason.Length > MaxReason ? reason[..MaxReason] : reason;
        var reply = ReplyWords.Of(reason, status);
        var isServed = action is ReportedAction.Delivered or ReportedAction.Relayed or ReportedAction.Expanded;
        var stage = ReplyStages.In(reason) is var said and not ReplyStage.Unknown ? said
            : Transcript.StageOf(words.Transcript, address) is var shown and not ReplyStage.Unknown ? shown
            : words.Stage;
        var fault = isServed ? null : ReplyClassifier.Classify(reply, stage);
        return new ReportedRecipient
        {
            Address = address,
            OriginalAddress = original,
            Action = action,
            Reply = reply,
            Fault = action == ReportedAction.Delayed && fault is not null ? fault with { Permanence = FaultPermanence.Transient } : fault,
            RemoteHost = remoteHost,
        };
    }

    /// <summary>Some servers leave out the empty line between recipients.</summary>
    private static IEnumerable<List<KeyValuePair<string, string>>> Split(List<KeyValuePair<string, string>> block)
    {
        var current = new List<KeyValuePair<string, string>>();
        foreach (var field in block)
        {
            if (field.Key.Equals("Final-Recipient", StringComparison.OrdinalIgnoreCase) && FieldBlocks.Find(current, "Final-Recipient") is not null)
            {
                yield return current;
                current = [];
            }

            current.Add(field);
        }

        yield return current;
    }

    private static ReportedRecipient? Read(List<KeyValuePair<string, string>> block, ReportWords words, ReportParts parts)
    {
        if (FieldBlocks.Find(block, "Final-Recipient") is null && FieldBlocks.Find(block, "Original-Recipient") is null)
        {
            return null;
        }

        var original = AddressText.OfField(FieldBlocks.Find(block, "Original-Recipient"));
        var actual = AddressText.OfField(FieldBlocks.Find(block, "X-Actual-Recipient"));
        var address = AddressText.OfField(FieldBlocks.Find(block, "Final-Recipient")) ?? actual ?? original
            ?? AddressText.First(FieldBlocks.Find(block, "Diagnostic-Code") ?? "") ?? AddressText.First(parts.Header("X-Failed-Recipients") ?? "")
            ?? NameOf(FieldBlocks.Find(block, "Final-Recipient"));
        if (address is null)
        {
            return null;
        }

        address = Named(address, actual ?? original, words);
        var status = FieldBlocks.Find(block, "Status");
        var diagnostic = Diagnostic(FieldBlocks.Find(block, "Diagnostic-Code"));
        return Recipient(
            address,
            original,
            ActionOf(FieldBlocks.Find(block, "Action"), status, words, parts),
            status,
            diagnostic.Length > 0 && !IsBare(diagnostic) ? diagnostic : words.About(address) is { Length: > 0 } said ? said : diagnostic,
            words,
            HostOf(FieldBlocks.Find(block, "Remote-MTA")));
    }

    /// <summary>
    /// A name of an inner host says less than the address it was sent to; and where the words for people name one address only, with the
    /// same local part, that is the one.
    /// </summary>
    private static string Named(string address, string? original, ReportWords words)
    {
        var at = address.LastIndexOf('@');
        if (at < 0)
        {
            return original ?? address;
        }

        if (address.IndexOf('.', at) < 0 && original is not null)
        {
            return original;
        }

        if (words.Text.Contains(address, StringComparison.OrdinalIgnoreCase))
        {
            return address;
        }

        return words.Entries is [var (named, _)] && named.StartsWith(address[..(at + 1)], StringComparison.OrdinalIgnoreCase) ? named : address;
    }

    /// <summary>Other mail systems have names that are no mail addresses: <c>unknown; nair_s</c>.</summary>
    private static string? NameOf(string? value) => value is null || Diagnostic(value) is not { Length: > 0 and <= 254 } name ? null : name;

    /// <summary>Behind the type: <c>smtp; 550 …</c>.</summary>
    private static string Diagnostic(string? value)
    {
        if (value is null)
        {
            return "";
        }

        var semicolon = value.IndexOf(';', StringComparison.Ordinal);
        return semicolon is >= 0 and < 20 && !value.AsSpan(0, semicolon).Trim().Contains(' ') ? value[(semicolon + 1)..].Trim() : value;
    }

    /// <summary>A code without words says less than the report's text.</summary>
    private static bool IsBare(string diagnostic) => !diagnostic.Any(char.IsLetter);

    private static string? HostOf(string? value)
    {
        if (value is null)
        {
            return null;
        }

        var host = Diagnostic(value).Split(' ', '(')[0];
        return host.Length is > 0 and <= 255 ? host : null;
    }

    private static ReportedAction ActionOf(string? action, string? status, ReportWords words, ReportParts parts)
    {
        var word = (action ?? "").TrimStart().ToLowerInvariant();
        if (word.StartsWith("fail", StringComparison.Ordinal))
        {
            return ReportedAction.Failed;
        }

        if (word.StartsWith("delay", StringComparison.Ordinal))
        {
            return ReportedAction.Delayed;
        }

        if (word.StartsWith("deliver", StringComparison.Ordinal))
        {
            return ReportedAction.Delivered;
        }

        if (word.StartsWith("relay", StringComparison.Ordinal))
        {
            return ReportedAction.Relayed;
        }

        if (word.StartsWith("expand", StringComparison.Ordinal))
        {
            return ReportedAction.Expanded;
        }

        return status?.TrimStart() is ['2', ..] ? ReportedAction.Delivered
            : ReportReader.IsDelay(words.Text, parts.Message.Subject ?? "") ? ReportedAction.Delayed : ReportedAction.Failed;
    }
}
