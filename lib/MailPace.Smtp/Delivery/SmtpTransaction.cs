using MailPace.Contracts;
using MailPace.Smtp.Protocol;

namespace MailPace.Smtp.Delivery;

/// <summary>One mail transaction (RFC 5321 §3.3) with one host, and what is known of it; also when it broke off.</summary>
internal sealed class SmtpTransaction
{
    private readonly (SmtpStep Step, RemoteReply Reply)?[] _replies;

    public SmtpTransaction(DeliveryRequest request, IReadOnlyList<JobRecipient> recipients, long deadline)
    {
        Request = request;
        Recipients = recipients;
        Deadline = deadline;
        _replies = new (SmtpStep, RemoteReply)?[recipients.Count];
    }

    public DeliveryRequest Request { get; }

    public IReadOnlyList<JobRecipient> Recipients { get; }

    /// <summary>Timestamp of the TimeProvider; <see cref="long.MaxValue"/> for none.</summary>
    public long Deadline { get; }

    /// <summary>MAIL got its reply: this conversation counts.</summary>
    public bool IsBegun { get; set; }

    /// <summary>The final dot may have left: without a reply the remote may have the message.</summary>
    public bool IsEndOfDataSent { get; set; }

    public (SmtpStep Step, RemoteReply Reply)? this[int recipient] => _replies[recipient];

    public void Decide(int recipient, SmtpStep step, RemoteReply reply) => _replies[recipient] = (step, reply);

    /// <summary>Gives <paramref name="reply"/> to all recipients that have none.</summary>
    public void DecideRest(SmtpStep step, RemoteReply reply)
    {
        for (var recipient = 0; recipient < _replies.Length; recipient++)
        {
            _replies[recipient] ??= (step, reply);
        }
    }
}
