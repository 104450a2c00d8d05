using System.Globalization;
using System.Security.Authentication;
using MailPace.SmtpEdge.Commands;
using MailPace.SmtpEdge.Intake;
using MailPace.SmtpEdge.Listening;
using MailPace.SmtpEdge.Protocol;
using Microsoft.AspNetCore.Connections;

namespace MailPace.SmtpEdge.Session;

/// <summary>
/// One client, from greeting to close. The loop takes a line, asks the <see cref="TransitionTable"/>, runs the command and
/// gathers its reply; only when no whole line is left does it send the replies and wait (RFC 2920). So however the
/// client's octets are cut, they lead to the same replies in the same order.
/// Everything runs in the one task of <see cref="RunAsync"/>, except <see cref="CheckDeadline"/> and <see cref="NoticeStop"/>.
/// </summary>
internal sealed class SmtpSession : IAsyncDisposable
{
    private readonly SessionServices _services;
    private readonly SessionChannel _channel;
    private SmtpState _state = SmtpState.Connected;
    private SessionEnd _end = SessionEnd.ClientClosed;
    private DataPace _pace;
    private long _latest = long.MaxValue;
    private int _commands;
    private int _errors;
    private int _transactions;
    private int _messages;

    public SmtpSession(SessionServices services, SmtpRole role, ConnectionContext connection)
    {
        _services = services;
        _channel = new SessionChannel(connection, services);
        Intake = services.IntakeFor(role);
        Facts = new SessionFacts(connection.ConnectionId, role, connection.RemoteEndPoint);
    }

    public SessionFacts Facts { get; }

    public IMessageIntake Intake { get; }

    /// <summary>Absent outside a mail transaction.</summary>
    public Envelope? Envelope { get; set; }

    /// <summary>What has come of a message by BDAT, until its last chunk.</summary>
    public IncomingMessage? Message { get; set; }

    public SessionServices Services => _services;

    public SmtpEdgeOptions Options => _services.Options;

    public int AuthenticationFailures { get; set; }

    public SmtpInput Input => _channel.Input;

    private bool InTransaction => _state is SmtpState.Transaction or SmtpState.Recipients or SmtpState.Chunks;

    /// <summary>Runs the session to its end. No exception escapes.</summary>
    public async Task RunAsync()
    {
        _services.Metrics.SessionStarted(Facts.Role);
        SessionLog.SessionStarted(_services.Logger, Facts.Id, Facts.Role, Facts.RemoteEndPoint);
        try
        {
            if (Facts.Role != SmtpRole.Submissions || await SecureAsync().ConfigureAwait(false))
            {
                await ConverseAsync().ConfigureAwait(false);
            }

            await _channel.CloseAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The connection is gone: reset by the client, or aborted at a deadline.
            _end = _channel.Deadline.HasPassed ? SessionEnd.TimedOut : SessionEnd.ClientClosed;
        }
        catch (Exception exception)
        {
            _end = SessionEnd.Failed;
            SessionLog.SessionFailed(_services.Logger, exception, Facts.Id);
            await TrySayFailureAsync().ConfigureAwait(false);
        }
        finally
        {
            _services.Metrics.SessionEnded(Facts.Role, Facts.Tls, NameOf(_end));
            SessionLog.SessionEnded(_services.Logger, Facts.Id, NameOf(_end), _messages);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndMessageAsync().ConfigureAwait(false);
        await _channel.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Called by the server once a second.</summary>
    public void CheckDeadline()
    {
        if (_services.IsStopping)
        {
            _channel.Interrupt();
        }

        _channel.CheckDeadline();
    }

    /// <summary>Called by the server when it stops: an idle session ends, one in a transaction goes on to its end.</summary>
    public void NoticeStop() => _channel.Interrupt();

    public void Abort() => _channel.Abort();

    public string NextTransactionId() => string.Create(CultureInfo.InvariantCulture, $"{Facts.Id}.{++_transactions}");

    /// <summary>Gathers a reply that comes before the command's last one.</summary>
    public void Say(SmtpReply reply)
    {
        _channel.Write(reply);
        _services.Metrics.Replied(Facts.Role, reply.Code);
        if (reply.Code >= 500)
        {
            _errors++;
        }
    }

    /// <summary>A message was accepted: what counts between two messages starts again.</summary>
    public void CountMessage()
    {
        _messages++;
        _commands = 0;
        _errors = 0;
    }

    /// <summary>The command brought enough of a message not to count as one.</summary>
    public void UncountCommand() => _commands--;

    /// <summary>The next line of an exchange within a command.</summary>
    /// <returns>Absent when the session is over; a line that isn't one is empty with its status.</returns>
    public async ValueTask<(LineStatus Status, ReadOnlyMemory<byte> Line)> ReadLineAsync()
    {
        while (true)
        {
            var status = _channel.Input.TryReadLine(Options.MaxExtendedCommandLine, out var line);
            if (status != LineStatus.Incomplete)
            {
                return (status, line);
            }

            if (!await WaitAsync().ConfigureAwait(false))
            {
                return (LineStatus.Incomplete, default);
            }
        }
    }

    /// <summary>The time by which a message must be complete.</summary>
    public long MessageDeadline() => _channel.Deadline.In(Options.MessageTimeout);

    /// <summary>Waits for more of a message.</summary>
    public ValueTask<bool> WaitForDataAsync(long messageDeadline)
    {
        var share = (long)(Options.MinDataRate * Options.DataTimeout.TotalSeconds);
        var pace = _pace.DeadlineAt(Input.Received, share, Options.DataTimeout, _channel.Deadline);
        _channel.Deadline.Restore(Math.Min(pace, messageDeadline));
        return WaitAsync();
    }

    /// <summary>From here on the time is ours, not the client's.</summary>
    public void StopClock()
    {
        _channel.Deadline.Clear();
        _pace.Reset();
    }

    /// <summary>Lets the client wait, on our time; not longer than the server runs.</summary>
    public async ValueTask PauseAsync(TimeSpan pause)
    {
        StopClock();
        if (pause > TimeSpan.Zero)
        {
            await Task.Delay(pause, _services.Time, _services.Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Starts TLS; everything the client said before is forgotten.</summary>
    public async ValueTask<bool> SecureAsync()
    {
        if (!await _channel.FlushAsync().ConfigureAwait(false))
        {
            return false;
        }

        try
        {
            var tls = await _channel.SecureAsync().ConfigureAwait(false);
            Facts.Secure(tls);
            _services.Metrics.ShookHands(Facts.Role, tls.Version);
            return true;
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException or OperationCanceledException)
        {
            if (_channel.IsProbe)
            {
                return false;
            }

            _end = SessionEnd.HandshakeFailed;
            _services.Metrics.ShookHands(Facts.Role, version: null);
            SessionLog.HandshakeFailed(_services.Logger, Facts.Id, exception.Message);
            return false;
        }
    }

    private async ValueTask ConverseAsync()
    {
        Say(_services.Banner);
        _latest = _channel.Deadline.In(Options.SessionTimeout);
        _channel.Deadline.Set(Options.CommandTimeout, _latest);
        while (true)
        {
            if (_services.IsStopping && !InTransaction)
            {
                await EndAsync(Replies.Stopping, SessionEnd.Stopped).ConfigureAwait(false);
                return;
            }

            var status = _channel.Input.TryReadLine(Options.MaxExtendedCommandLine, out var line);
            if (status == LineStatus.Incomplete)
            {
                if (!await WaitAsync().ConfigureAwait(false))
                {
                    return;
                }

                continue;
            }

            _commands++;
            var outcome = status switch
            {
                LineStatus.Line => await ExecuteAsync(line).ConfigureAwait(false),
                LineStatus.Malformed => CommandOutcome.Refused(Replies.MalformedLine),
                _ => CommandOutcome.Refused(Replies.LineTooLong),
            };
            if (outcome.Reply is { } reply)
            {
                Say(reply);
            }

            if (outcome.Effect == CommandEffect.Close)
            {
                await _channel.FlushAsync().ConfigureAwait(false);
                return;
            }

            if (OverLimit() is { } farewell)
            {
                await EndAsync(farewell, SessionEnd.Dropped).ConfigureAwait(false);
                return;
            }

            if (_channel.IsFull && !await _channel.FlushAsync().ConfigureAwait(false))
            {
                return;
            }

            _pace.Reset();
            _channel.Deadline.Set(Options.CommandTimeout, Math.Min(_latest, Message?.Deadline ?? long.MaxValue));
        }
    }

    private async ValueTask<CommandOutcome> ExecuteAsync(ReadOnlyMemory<byte> line)
    {
        var (verb, arguments) = CommandLine.Parse(line);
        if (line.Length + 2 > Options.MaxCommandLine && verb is not (SmtpVerb.Mail or SmtpVerb.Rcpt or SmtpVerb.Auth or SmtpVerb.Bdat))
        {
            return CommandOutcome.Refused(Replies.LineTooLong);
        }

        if (!Offers(verb))
        {
            return CommandOutcome.Refused(Replies.NotImplemented);
        }

        var transition = TransitionTable.Of(_state, verb);
        if (transition.Refusal is { } refusal)
        {
            return verb == SmtpVerb.Bdat ? await BdatCommand.RefuseAsync(this, arguments, refusal).ConfigureAwait(false) : CommandOutcome.Refused(refusal);
        }

        var outcome = await SmtpCommands.Of(verb).ExecuteAsync(this, arguments).ConfigureAwait(false);
        switch (outcome.Effect)
        {
            case CommandEffect.Done:
                await EnterAsync(transition.Next).ConfigureAwait(false);
                break;
            case CommandEffect.Over:
                await EnterAsync(NextState.Ready).ConfigureAwait(false);
                break;
            case CommandEffect.Close when verb == SmtpVerb.Quit:
                _end = SessionEnd.Quit;
                break;
            case CommandEffect.Close when _end == SessionEnd.ClientClosed && outcome.Reply is not null:
                _end = SessionEnd.Dropped;
                break;
        }

        return outcome;
    }

    /// <summary>What the role and the certificate don't offer doesn't exist, in any state.</summary>
    public bool Offers(SmtpVerb verb) => verb switch
    {
        SmtpVerb.Auth => Intake is ISubmissionIntake,
        SmtpVerb.StartTls => _services.Certificates is not null && Facts.Role != SmtpRole.SubmissionInClear,
        _ => true,
    };

    /// <summary>
    /// DSN (RFC 3461) is for those who hand in: inbound mail comes from strangers, who get no notification from us, and so their
    /// own server is to see to them.
    /// </summary>
    public bool OffersDsn => Intake is ISubmissionIntake;

    private async ValueTask EnterAsync(NextState next)
    {
        _state = next switch
        {
            NextState.Same => _state,
            NextState.Connected => SmtpState.Connected,
            NextState.Ready => SmtpState.Ready,
            NextState.Transaction => SmtpState.Transaction,
            NextState.Recipients => SmtpState.Recipients,
            NextState.Chunks => SmtpState.Chunks,
            NextState.Greeted when Intake is not ISubmissionIntake || Facts.Account is not null => SmtpState.Ready,
            NextState.Greeted => Facts.MayAuthenticate ? SmtpState.Unauthenticated : SmtpState.Clear,
        };
        if (!InTransaction)
        {
            Envelope = null;
            await EndMessageAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask EndMessageAsync()
    {
        if (Message is { } message)
        {
            Message = null;
            await message.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Sends what was gathered and waits for octets.</summary>
    /// <returns>False when the session is over; the client was told where it can be.</returns>
    private async ValueTask<bool> WaitAsync()
    {
        if (!await _channel.FlushAsync().ConfigureAwait(false))
        {
            return false;
        }

        while (true)
        {
            if (_services.IsStopping && !InTransaction)
            {
                await EndAsync(Replies.Stopping, SessionEnd.Stopped).ConfigureAwait(false);
                return false;
            }

            if (_channel.Deadline.HasPassed)
            {
                SessionLog.SessionTimedOut(_services.Logger, Facts.Id, _state);
                await EndAsync(_channel.Deadline.Is(_latest) ? Replies.SessionTooLong : Replies.TimedOut, SessionEnd.TimedOut).ConfigureAwait(false);
                return false;
            }

            switch (await _channel.Input.ReadAsync().ConfigureAwait(false))
            {
                case ReadOutcome.Data:
                    return true;
                case ReadOutcome.End:
                    return false;
                case ReadOutcome.Interrupted:
                    break;
            }
        }
    }

    private SmtpReply? OverLimit()
    {
        if (_errors > Options.MaxErrorsPerMessage)
        {
            return Replies.TooManyErrors;
        }

        return _commands > Options.MaxCommandsPerMessage ? Replies.TooManyCommands : null;
    }

    private async ValueTask EndAsync(SmtpReply farewell, SessionEnd end)
    {
        _end = end;
        Say(farewell);
        await _channel.FlushAsync().ConfigureAwait(false);
    }

    private async ValueTask TrySayFailureAsync()
    {
        try
        {
            Say(Replies.InternalError);
            await _channel.FlushAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException or OperationCanceledException)
        {
            // The failure itself is already logged.
        }
    }

    private static string NameOf(SessionEnd end) => end switch
    {
        SessionEnd.Quit => "quit",
        SessionEnd.ClientClosed => "client_closed",
        SessionEnd.TimedOut => "timed_out",
        SessionEnd.Dropped => "dropped",
        SessionEnd.Stopped => "stopped",
        SessionEnd.HandshakeFailed => "handshake_failed",
        SessionEnd.Failed => "failed",
    };
}
