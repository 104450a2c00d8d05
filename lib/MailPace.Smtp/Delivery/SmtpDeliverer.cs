using System.Net;
using System.Net.Sockets;
using MailPace.Contracts;
using MailPace.Smtp.Connections;
using MailPace.Smtp.Protocol;
using MailPace.Smtp.Resolution;
using MailPace.Smtp.Security;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MailPace.Smtp.Delivery;

/// <summary>
/// Makes one delivery attempt: hosts in order, until each recipient has a final answer or nobody is left to ask. Specification:
/// <list type="bullet">
/// <item>A host that can't be reached or refuses us as a whole leaves all recipients to the next address.</item>
/// <item>Recipients that a host defers are offered to the next host; those it took or bounced are done.</item>
/// <item>Once the final dot has left without a reply, no other host is asked in this attempt: that would be a second copy for sure.</item>
/// <item>A kept connection that breaks before MAIL is answered counts for nothing; the transaction goes over a new one.</item>
/// </list>
/// </summary>
public sealed partial class SmtpDeliverer : IDisposable
{
    private readonly ConnectionPool _pool;
    private readonly MxResolver _resolver;
    private readonly TlsPolicies _policies;
    private readonly SmtpOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<SmtpDeliverer> _logger;

    internal SmtpDeliverer(MxResolver resolver, TlsPolicies policies, IOptions<SmtpOptions> options, TimeProvider time, ILoggerFactory loggers)
    {
        _policies = policies;
        _pool = new ConnectionPool(options, policies.Certificates, time, loggers.CreateLogger<ConnectionPool>());
        _resolver = resolver;
        _options = options.Value;
        _time = time;
        _logger = loggers.CreateLogger<SmtpDeliverer>();
    }

    /// <exception cref="OperationCanceledException">The attempt was given up; what became of it isn't known.</exception>
    public async Task<DeliveryResult> DeliverAsync(DeliveryRequest request, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var deadline = request.TimeLimit == Timeout.InfiniteTimeSpan
            ? long.MaxValue
            : started + (long)(request.TimeLimit.TotalSeconds * _time.TimestampFrequency);
        var attempt = new DeliveryAttempt(request, deadline);
        if (attempt.IsSendable())
        {
            await TryHostsAsync(attempt, cancellationToken);
        }

        return attempt.Result(_time.GetElapsedTime(started));
    }

    public void Dispose() => _pool.Dispose();

    private async Task TryHostsAsync(DeliveryAttempt attempt, CancellationToken cancellationToken)
    {
        var hosts = await FindHostsAsync(attempt.Request.Route, cancellationToken);
        if (hosts is MailHosts.Missing missing)
        {
            attempt.DecideRest(SmtpStep.Resolve, missing.Reply);
            return;
        }

        var tls = await FindPolicyAsync(attempt.Request, (MailHosts.Found)hosts, cancellationToken);
        if (tls.Missing is { } policy)
        {
            attempt.Count(policy);
        }

        var port = attempt.Request.Route.Match(_ => _options.MxPort, route => route.Port);
        var addresses = 0;
        var conversations = 0;
        foreach (var host in ((MailHosts.Found)hosts).Hosts)
        {
            var asked = await tls.ForAsync(host, port, cancellationToken);
            if (asked.Refusal is { } refusal)
            {
                Refuse(attempt, asked, host.Name, refusal);
                continue;
            }

            foreach (var address in host.Addresses)
            {
                if (addresses++ >= _options.MaxAddressesPerAttempt || conversations >= _options.MaxHostsPerAttempt)
                {
                    return;
                }

                if (_time.GetTimestamp() >= attempt.Deadline)
                {
                    attempt.Fail(SmtpStep.Connect, LocalReplies.OutOfTime);
                    return;
                }

                var isAnswered = await ConverseAsync(attempt, new Destination(host.Name, new IPEndPoint(address, port), asked.Demand), asked, cancellationToken);
                if (attempt.IsDone)
                {
                    return;
                }

                if (isAnswered)
                {
                    conversations++;
                    break;
                }
            }
        }
    }

    /// <returns>Whether the host answered for the recipients, so that its other addresses have nothing to add.</returns>
    private async Task<bool> ConverseAsync(DeliveryAttempt attempt, Destination destination, HostTls tls, CancellationToken cancellationToken)
    {
        attempt.RemoteIs(destination, tls.Name);
        var mayReuse = true;
        while (true)
        {
            SmtpConnection connection;
            try
            {
                connection = mayReuse
                    ? await _pool.RentAsync(destination, attempt.Request.Quota, attempt.Deadline, cancellationToken)
                    : await _pool.RentFreshAsync(destination, attempt.Request.Quota, attempt.Deadline, cancellationToken);
            }
            catch (ConversationEndedException failure)
            {
                LogEnded(_logger, destination.Host, failure.Reply.Text);
                if (failure.Tls is { } fault)
                {
                    Refuse(
                        attempt,
                        tls with { Policy = tls.Policy with { Fault = fault, Detail = failure.Reply.Text, RemoteAddress = destination.EndPoint.Address.ToString() } },
                        destination.Host,
                        failure.Reply with { Text = $"TLS policy {tls.Name}: {failure.Reply.Text}" });
                    return false;
                }

                attempt.Fail(failure.Step, failure.Reply);
                return false;
            }

            Count(attempt, connection, tls);

            var isKept = connection.Transactions > 0;
            var transaction = attempt.NewTransaction();
            var failed = await RunAsync(connection, transaction, cancellationToken);
            if (isKept && mayReuse && IsStale(transaction, failed))
            {
                SmtpMetrics.WasStale();
                mayReuse = false;
                continue;
            }

            if (failed is not null)
            {
                LogEnded(_logger, destination.Host, failed.Reply.Text);
            }

            attempt.Take(transaction, failed, connection.Tls);
            if (attempt.IsUncertain)
            {
                LogUnanswered(_logger, destination.Host);
            }

            return transaction.IsBegun;
        }
    }

    /// <summary>A policy wasn't met: that is never the recipient's fault, so it's tried again; another host may meet it.</summary>
    private void Refuse(DeliveryAttempt attempt, HostTls tls, string host, RemoteReply reply)
    {
        SmtpMetrics.PolicyFailed();
        LogPolicyFailed(_logger, host, reply.Text);
        attempt.Count(tls.Policy);
        attempt.Fail(SmtpStep.StartTls, reply);
    }

    /// <summary>Counts the TLS session of a new connection for the reports.</summary>
    private static void Count(DeliveryAttempt attempt, SmtpConnection connection, HostTls tls)
    {
        if (connection.IsReported)
        {
            return;
        }

        connection.IsReported = true;
        var fault = tls.Policy.Fault ?? (connection.Tls, tls.IsTesting) switch
        {
            (null, _) => connection is { Extensions.StartTls: false, TlsFailure: null } ? TlsFault.StartTlsNotSupported : TlsFault.ValidationFailure,
            ({ } facts, true) => facts.Fault,
            _ => null,
        };
        attempt.Count(tls.Policy with
        {
            Fault = fault,
            Detail = tls.Policy.Detail ?? connection.TlsFailure ?? (fault is { } wrong ? TlsFaultWords.Of(wrong) : null),
            RemoteAddress = connection.Destination.EndPoint.Address.ToString(),
            LocalAddress = (connection.LocalEndPoint as IPEndPoint)?.Address.ToString(),
        });
    }

    /// <summary>Runs the transaction and gives the connection back.</summary>
    private async Task<ConversationEndedException?> RunAsync(SmtpConnection connection, SmtpTransaction transaction, CancellationToken cancellationToken)
    {
        var isUsable = false;
        try
        {
            await using (connection.Observe(cancellationToken))
            {
                await new TransactionRunner(connection, transaction).RunAsync(cancellationToken);
            }

            isUsable = true;
            return null;
        }
        catch (UnfitContentException)
        {
            return null;
        }
        catch (ConversationEndedException failure)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return failure;
        }
        finally
        {
            if (isUsable)
            {
                _pool.Return(connection);
            }
            else
            {
                _pool.Discard(connection);
            }
        }
    }

    /// <summary>The remote had hung up, or says 421 for having waited, before it heard of this transaction.</summary>
    private static bool IsStale(SmtpTransaction transaction, ConversationEndedException? failed)
        => failed is not null ? !transaction.IsBegun : transaction[0] is { Step: SmtpStep.Reset or SmtpStep.Mail, Reply.Code: 421 };

    private Task<MailHosts> FindHostsAsync(Route route, CancellationToken cancellationToken)
        => route.Match(mx => _resolver.FindAsync(mx.Domain, cancellationToken), host => FindFixedAsync(host, cancellationToken));

    private Task<DomainTls> FindPolicyAsync(DeliveryRequest request, MailHosts.Found hosts, CancellationToken cancellationToken) => request.Route.Match(
        mx => _policies.ForExchangersAsync(mx.Domain, request.RecipientDomain ?? mx.Domain, hosts, cancellationToken),
        host => Task.FromResult(_policies.ForConfiguredHost(request.RecipientDomain ?? host.Host)));

    /// <summary>A configured host is looked up as the machine does, /etc/hosts included, and may be anywhere.</summary>
    private static async Task<MailHosts> FindFixedAsync(Route.Fixed route, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(route.Host, out var address))
        {
            return new MailHosts.Found([new MailHost(route.Host, [address])]);
        }

        try
        {
            return new MailHosts.Found([new MailHost(route.Host, await Dns.GetHostAddressesAsync(route.Host, cancellationToken))]);
        }
        catch (SocketException failure)
        {
            // Also when the name doesn't exist: what is wrong is the configuration, not the recipient.
            return new MailHosts.Missing(new RemoteReply(0, "4.4.3", $"host {route.Host} can't be looked up: {failure.SocketErrorCode}"));
        }
    }

    [LoggerMessage(SmtpEventIds.ConversationEnded, LogLevel.Information, "Conversation with {Host} ended: {Reason}")]
    private static partial void LogEnded(ILogger logger, string host, string reason);

    [LoggerMessage(SmtpEventIds.PolicyFailed, LogLevel.Warning, "{Host} isn't sent to: {Reason}")]
    private static partial void LogPolicyFailed(ILogger logger, string host, string reason);

    [LoggerMessage(SmtpEventIds.EndOfDataUnanswered, LogLevel.Warning, "{Host} gave no reply to the end of data: it may have the message and will get it again")]
    private static partial void LogUnanswered(ILogger logger, string host);
}
