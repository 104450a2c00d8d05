using MailPace.Contracts;
using MailPace.Faults.Ledger;

namespace MailPace.Faults.Tests;

/// <summary>Three accounts that agree on one email for one recipient, to be changed in one point.</summary>
internal static class OneEmail
{
    public const string Marker = "h0x0";
    public const string Recipient = "r0-h0x0@d0.example";
    public const string MessageId = "<one@demo.example>";

    public static SubmittedEmail Submitted { get; } = new() { Marker = Marker, Recipients = [Recipient], AcknowledgedIds = [7] };

    public static SinkRecipient AtSink { get; } = new() { Marker = Marker, Recipient = Recipient, Copies = [MessageId], Answered = 1 };

    public static RecordedRecipient Delivered { get; } = new() { Address = Recipient, State = RecipientState.Delivered, FinalOutcomes = [RecipientState.Delivered] };

    public static RecordedRecipient Bounced { get; } = new() { Address = Recipient, State = RecipientState.Bounced, FinalOutcomes = [RecipientState.Bounced] };

    public static RecordedEmail Recorded { get; } = new() { Id = 7, Marker = Marker, MessageId = MessageId, Recipients = [Delivered] };

    public static Accounts Accounts { get; } = new() { Submitted = [Submitted], Sink = [AtSink], Recorded = [Recorded] };

    public static Accounts With(SinkRecipient sink, RecordedRecipient recorded)
        => Accounts with { Sink = [sink], Recorded = [Recorded with { Recipients = [recorded] }] };
}
