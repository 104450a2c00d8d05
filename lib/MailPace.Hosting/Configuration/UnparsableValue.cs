using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace MailPace.Hosting.Configuration;

/// <summary>A setting whose text can't be what its option is. The configuration binder tells it in the words of an exception only.</summary>
internal sealed partial record UnparsableValue(string Path, string Text, string Type)
{
    public static bool TryFind(Exception exception, [NotNullWhen(true)] out UnparsableValue? found)
    {
        var match = exception is InvalidOperationException ? Words().Match(exception.Message) : Match.Empty;
        found = match.Success ? new UnparsableValue(match.Groups["path"].Value, match.Groups["text"].Value, match.Groups["type"].Value) : null;
        return found is not null;
    }

    /// <summary>For the operator: what it is, what it should be, and the variable that sets it.</summary>
    public string InWords()
        => $"{Path}: '{Text}' is not {Wanted()} (environment: MAILPACE__{Path.Replace(":", "__", StringComparison.Ordinal)})";

    private string Wanted()
    {
        var type = AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetType(Type)).FirstOrDefault(found => found is not null);
        if (type is { IsEnum: true })
        {
            return "one of " + string.Join(", ", Enum.GetNames(type));
        }

        return Type switch
        {
            "System.TimeSpan" => "a duration such as 00:01:30 or 2.00:00:00",
            "System.Boolean" => "true or false",
            "System.Uri" => "a URL",
            "System.Double" or "System.Single" or "System.Decimal" => "a number",
            "System.Int16" or "System.Int32" or "System.Int64" => "a whole number, or it is out of range",
            _ => "a " + Type,
        };
    }

    [GeneratedRegex("^Failed to convert configuration value '(?<text>.*)' at '(?<path>.*)' to type '(?<type>[^']*)'", RegexOptions.Singleline)]
    private static partial Regex Words();
}
