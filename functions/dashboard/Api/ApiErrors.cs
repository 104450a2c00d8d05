using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MailPace.Dashboard.Api;

/// <summary>The API's error bodies: <c>{"error": …}</c> for a request as a whole, <c>{"errors": {field: [ … ]}}</c> for its fields.</summary>
internal static class ApiErrors
{
    public const string Blank = "can't be blank";
    public const string Invalid = "is invalid";
    public const string Taken = "has already been taken";

    public static NotFound<ErrorBody> NotFound() => TypedResults.NotFound(new ErrorBody(TextFor(StatusCodes.Status404NotFound)));

    public static UnprocessableEntity<FieldErrorsBody> Unprocessable(string field, string message)
        => TypedResults.UnprocessableEntity(new FieldErrorsBody(new Dictionary<string, string[]> { [field] = [message] }));

    public static string TooLong(int maximum) => $"is too long (maximum is {maximum} characters)";

    public static Task WriteAsync(HttpContext context, int status, string message)
        => TypedResults.Json(new ErrorBody(message), statusCode: status).ExecuteAsync(context);

    /// <summary>Words for what was refused before any handler saw it.</summary>
    public static string TextFor(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "Request is not valid",
        StatusCodes.Status404NotFound => "Not found",
        StatusCodes.Status405MethodNotAllowed => "Method not allowed",
        StatusCodes.Status406NotAcceptable or StatusCodes.Status415UnsupportedMediaType => "Invalid request format or content type",
        StatusCodes.Status413PayloadTooLarge => "Request is too large",
        _ => "Request was refused",
    };
}
