using MailPace.Contracts;
using MailPace.Mail.Addresses;
using MailPace.Smtp.Connections;
using MailPace.Smtp.Protocol;

namespace MailPace.Smtp.Delivery;

/// <summary>What one attempt knows so far: each recipient's latest answer, and the host that gave it.</summary>
internal sealed class DeliveryAttempt(DeliveryRequest request, long deadline)
{
    private readonly (RecipientState State, SmtpStep Step, RemoteReply Reply)[] _answers = new (RecipientState, SmtpStep, RemoteReply)[request.Recipients.Count];
    private Destination? _remote;
    private readonly List<TlsSession> _sessions = [];
    private TlsFacts? _tls;
    private string? _policy;
    private string? _takersPolicy;
    private bool _isTaken;
    private Destination? _taker;
    private int[] _open = [.. Enumerable.Range(0, request.Recipients.Count)];

    public DeliveryRequest Request { get; } = request;

    public long Deadline { get; } = deadline;

    public bool IsUncertain { get; private set; }

    public bool IsDone => IsUncertain || _open.Length == 0;

    /// <summary>Settles what can't be sent whatever host is asked.</summary>
    /// <returns>Whether anything is left to send.</returns>
    public bool IsSendable()
    {
        if (Request.ReversePath.Length > 0 && !EmailAddress.TryParse(Request.ReversePath, out _))
        {
            throw new ArgumentException("The reverse-path is no mailbox.", nameof(request));
        }

        if (Request.Content.OpenTail is null && !AreLinesFit())
        {
            DecideRest(SmtpStep.Resolve, LocalReplies.UnfitLines);
            return false;
        }

        Keep(recipient =>
        {
            if (EmailAddress.TryParse(Request.Recipients[recipient].Address, out _))
            {
                return true;
            }

            _answers[recipient] = (RecipientState.Bounced, SmtpStep.Resolve, LocalReplies.UnfitAddress);
            return false;
        });
        foreach (var recipient in _open)
        {
            _answers[recipient] = (RecipientState.Deferred, SmtpStep.Connect, LocalReplies.NoHostTried);
        }

        return _open.Length > 0;
    }

    public void Count(TlsSession session) => _sessions.Add(session);

    /// <param name="destination">Who is spoken to now.</param>
    /// <param name="policy">What TLS is demanded of it, in a word.</param>
    public void RemoteIs(Destination destination, string policy)
    {
        _remote = destination;
        _policy = policy;
        if (!_isTaken)
        {
            _tls = null;
        }
    }

    public SmtpTransaction NewTransaction() => new(Request, [.. _open.Select(recipient => Request.Recipients[recipient])], Deadline);

    /// <summary>No transaction came about: the recipients stay open, with this as their latest answer.</summary>
    public void Fail(SmtpStep step, RemoteReply reply)
    {
        foreach (var recipient in _open)
        {
            _answers[recipient] = (ReplyMapper.StateOf(step, reply), step, reply);
        }
    }

    public void DecideRest(SmtpStep step, RemoteReply reply)
    {
        Fail(step, reply);
        _open = [];
    }

    /// <summary>Takes over what a transaction decided.</summary>
    public void Take(SmtpTransaction transaction, ConversationEndedException? failed, TlsFacts? tls)
    {
        if (failed is not null)
        {
            IsUncertain = transaction.IsEndOfDataSent && failed.Step == SmtpStep.EndOfData;
            transaction.DecideRest(failed.Step, IsUncertain ? LocalReplies.LostAfterEndOfData : failed.Reply);
        }

        var open = _open;
        for (var index = 0; index < open.Length; index++)
        {
            var (step, reply) = transaction[index] ?? throw new InvalidOperationException("A recipient was left without an answer.");
            var state = ReplyMapper.StateOf(step, reply);
            _answers[open[index]] = (state, step, reply);
            if (state == RecipientState.Delivered && !_isTaken)
            {
                _isTaken = true;
                _taker = _remote;
                _takersPolicy = _policy;
                _tls = tls;
            }
        }

        if (!_isTaken)
        {
            _tls = tls;
        }

        Keep(recipient => _answers[recipient].State == RecipientState.Deferred);
    }

    public DeliveryResult Result(TimeSpan duration) => new()
    {
        RemoteHost = (_taker ?? _remote)?.Host,
        RemoteAddress = (_taker ?? _remote)?.EndPoint.ToString(),
        Tls = _tls?.ToString(),
        TlsPolicy = _takersPolicy ?? _policy,
        // Of a configured host nothing is published, and nobody is reported to.
        TlsSessions = Request.Route is Route.Mx ? _sessions : [],
        Duration = duration,
        IsUncertain = IsUncertain,
        Outcomes = [.. Request.Recipients.Select((recipient, index) => new RecipientOutcome
        {
            Ordinal = recipient.Ordinal,
            Address = recipient.Address,
            State = _answers[index].State,
            Reply = _answers[index].Reply,
            Fault = Faults.Of(_answers[index].State, _answers[index].Step, _answers[index].Reply),
        })],
    };

    private void Keep(Predicate<int> isOpen) => _open = Array.FindAll(_open, isOpen);

    private bool AreLinesFit()
    {
        var check = default(LineCheck);
        foreach (var segment in Request.Content.Segments)
        {
            if (!check.IsFit(segment.Span))
            {
                return false;
            }
        }

        return check.IsFitToEnd;
    }
}
