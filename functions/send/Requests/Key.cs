using System.Text.Json;

namespace MailPace.Send.Requests;

/// <summary>Tells the keys of a request without making strings of them.</summary>
internal static class Key
{
    private static readonly (FieldKey Key, string Name)[] Names =
    [
        (FieldKey.From, "from"),
        (FieldKey.To, "to"),
        (FieldKey.Cc, "cc"),
        (FieldKey.Bcc, "bcc"),
        (FieldKey.Subject, "subject"),
        (FieldKey.HtmlBody, "htmlbody"),
        (FieldKey.TextBody, "textbody"),
        (FieldKey.ReplyTo, "replyto"),
        (FieldKey.InReplyTo, "inreplyto"),
        (FieldKey.References, "references"),
        (FieldKey.ListUnsubscribe, "list_unsubscribe"),
        (FieldKey.Attachments, "attachments"),
        (FieldKey.Tags, "tags"),
    ];

    public static FieldKey Of(ref Utf8JsonReader reader)
    {
        foreach (var (key, name) in Names)
        {
            if (reader.ValueTextEquals(name))
            {
                return key;
            }
        }

        return FieldKey.Unknown;
    }

    public static string NameOf(FieldKey key) => Names.First(entry => entry.Key == key).Name;
}
