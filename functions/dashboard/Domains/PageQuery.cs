using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using MailPace.Dashboard.Api;
using MailPace.Storage.Accounts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MailPace.Dashboard.Domains;

/// <summary>Reads <c>limit</c>, <c>offset</c>, <c>sort</c> and <c>direction</c>.</summary>
internal static class PageQuery
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;

    public static bool TryRead(
        string? limit, string? offset, string? sort, string? direction,
        [NotNullWhen(true)] out DomainPage? page,
        [NotNullWhen(false)] out UnprocessableEntity<FieldErrorsBody>? fault)
    {
        page = null;
        fault = null;
        if (!TryReadNumber(limit, 1, DefaultLimit, out var most))
        {
            fault = ApiErrors.Unprocessable("limit", ApiErrors.Invalid);
        }
        else if (!TryReadNumber(offset, 0, 0, out var skipped))
        {
            fault = ApiErrors.Unprocessable("offset", ApiErrors.Invalid);
        }
        else if (SortOf(sort) is not { } column)
        {
            fault = ApiErrors.Unprocessable("sort", ApiErrors.Invalid);
        }
        else if (DirectionOf(direction) is not { } order)
        {
            fault = ApiErrors.Unprocessable("direction", ApiErrors.Invalid);
        }
        else
        {
            page = new DomainPage { Limit = Math.Min(most, MaxLimit), Offset = skipped, Sort = column, Direction = order };
        }

        return page is not null;
    }

    private static bool TryReadNumber(string? text, int least, int otherwise, out int number)
    {
        number = otherwise;
        return string.IsNullOrEmpty(text) || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= least);
    }

    private static DomainSort? SortOf(string? text) => text switch
    {
        null or "" or "created_at" => DomainSort.CreatedAt,
        "id" => DomainSort.Id,
        "name" => DomainSort.Name,
        _ => null,
    };

    private static SortDirection? DirectionOf(string? text) => text switch
    {
        null or "" or "desc" => SortDirection.Descending,
        "asc" => SortDirection.Ascending,
        _ => null,
    };
}
