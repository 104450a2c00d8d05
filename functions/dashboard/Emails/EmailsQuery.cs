using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using MailPace.Contracts;
using MailPace.Dashboard.Api;
using MailPace.Storage.History;
using Microsoft.AspNetCore.Mvc;

namespace MailPace.Dashboard.Emails;

/// <summary>The query of a list of emails, as it came.</summary>
internal sealed record EmailsQuery
{
    private const int MaxLimit = 200;
    private const int MaxText = 1000;

    /// <summary>Emails of this domain.</summary>
    [FromQuery(Name = "domain_id")]
    public string? DomainId { get; init; }

    /// <summary>At least one recipient is in this state.</summary>
    [FromQuery(Name = "status")]
    public string? Status { get; init; }

    /// <summary>Address of a recipient.</summary>
    [FromQuery(Name = "to")]
    public string? To { get; init; }

    /// <summary>Address of the author.</summary>
    [FromQuery(Name = "from")]
    public string? From { get; init; }

    /// <summary>A part of the subject.</summary>
    [FromQuery(Name = "subject")]
    public string? Subject { get; init; }

    /// <summary>One of the tags.</summary>
    [FromQuery(Name = "tag")]
    public string? Tag { get; init; }

    /// <summary>Accepted at or after, ISO 8601.</summary>
    [FromQuery(Name = "since")]
    public string? Since { get; init; }

    /// <summary>Accepted before, ISO 8601.</summary>
    [FromQuery(Name = "until")]
    public string? Until { get; init; }

    /// <summary>The <c>next_cursor</c> of the page before.</summary>
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    /// <summary>How many at most; 50, at most 200.</summary>
    [FromQuery(Name = "limit")]
    public string? Limit { get; init; }

    /// <summary>What the caller may see of it; a token of a domain sees that domain alone.</summary>
    public bool TryRead(ApiCaller caller, [NotNullWhen(true)] out EmailFilter? filter, [NotNullWhen(false)] out string? fault)
    {
        filter = null;
        fault = null;
        var limit = 50;
        var domain = caller.DomainId;
        EmailCursor? after = null;
        if (Absent(Limit) is { } most && (!int.TryParse(most, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit < 1))
        {
            fault = "limit";
        }
        else if (Absent(DomainId) is { } id && !TryReadDomain(id, ref domain))
        {
            fault = "domain_id";
        }
        else if (Absent(Cursor) is { } text && !TryReadCursor(text, out after))
        {
            fault = "cursor";
        }
        else if (!TryReadState(Absent(Status), out var state))
        {
            fault = "status";
        }
        else if (!TryReadTime(Absent(Since), out var since))
        {
            fault = "since";
        }
        else if (!TryReadTime(Absent(Until), out var until))
        {
            fault = "until";
        }
        else if (FindBadText() is { } field)
        {
            fault = field;
        }
        else
        {
            filter = new EmailFilter
            {
                OrganisationId = caller.OrganisationId,
                DomainId = domain,
                State = state,
                Recipient = Absent(To),
                From = Absent(From),
                Subject = Absent(Subject),
                Tag = Absent(Tag),
                Since = since,
                Until = until,
                After = after,
                Limit = Math.Min(limit, MaxLimit),
            };
        }

        return filter is not null;
    }

    /// <summary>A token of a domain that asks for another one finds nothing there: id 0 is nobody's.</summary>
    private static bool TryReadDomain(string text, ref long? domain)
    {
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return false;
        }

        domain = domain is { } own && own != id ? 0 : id;
        return true;
    }

    private static bool TryReadCursor(string text, out EmailCursor? cursor)
    {
        var isCursor = EmailCursor.TryParse(text, out var read);
        cursor = isCursor ? read : null;
        return isCursor;
    }

    private static bool TryReadState(string? text, out RecipientState? state)
    {
        state = null;
        if (text is null)
        {
            return true;
        }

        foreach (var known in Enum.GetValues<RecipientState>())
        {
            if (known.ToString().Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                state = known;
            }
        }

        return state is not null;
    }

    private static bool TryReadTime(string? text, out DateTimeOffset? time)
    {
        time = null;
        if (text is null)
        {
            return true;
        }

        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var read))
        {
            return false;
        }

        time = read;
        return true;
    }

    /// <summary>PostgreSQL has no NUL in a text.</summary>
    private string? FindBadText()
        => new (string Name, string? Text)[] { ("to", To), ("from", From), ("subject", Subject), ("tag", Tag) }
            .FirstOrDefault(static field => field.Text is { } text && (text.Length > MaxText || text.Contains('\0', StringComparison.Ordinal))).Name;

    private static string? Absent(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
