using System.Text.Json;
using System.Text.Json.Serialization;
using MailPace.Mail.Replies;

namespace MailPace.Mail.Tests.Replies;

/// <summary>One text of <c>sisimai/responses.json</c> with its label.</summary>
internal sealed record LabelledReply
{
    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public required string File { get; init; }

    public required string Line { get; init; }

    public required string Command { get; init; }

    public required string Status { get; init; }

    public required string Replycode { get; init; }

    public required string SisimaiReason { get; init; }

    [JsonPropertyName("hardbounce")]
    public required bool IsHard { get; init; }

    public ReplyStage Stage => Command switch
    {
        "RCPT" => ReplyStage.Recipient,
        "MAIL" => ReplyStage.Sender,
        "DATA" => ReplyStage.Message,
        _ => ReplyStage.Unknown,
    };

    /// <summary>Complaints aren't replies.</summary>
    public static IReadOnlyList<LabelledReply> ReadAll()
        => [.. JsonSerializer.Deserialize<LabelledReply[]>(System.IO.File.ReadAllText(TestData.Path("sisimai/responses.json")), SnakeCase)!
            .Where(reply => reply.SisimaiReason != "feedback")];
}
