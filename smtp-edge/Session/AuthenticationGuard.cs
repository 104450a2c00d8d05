using System.Diagnostics.CodeAnalysis;
using MailPace.SmtpEdge.Listening;
using MailPace.SmtpEdge.Protocol;

namespace MailPace.SmtpEdge.Session;

/// <summary>
/// Slows those who guess: counts failed AUTH commands in a row by client address and by user name, whether the user exists or
/// not. From the second failure on replies wait, longer each time; over its limit an address or a user name is locked out for a
/// while. A success forgets both counts. Each process counts for itself.
/// </summary>
internal sealed class AuthenticationGuard(SmtpEdgeOptions options, TimeProvider time)
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    private readonly FailureCounts _byAddress = new(options.MaxAuthenticationFailuresPerAddress, options.AuthenticationLockout, time);
    private readonly FailureCounts _byUser = new(options.MaxAuthenticationFailuresPerAccount, options.AuthenticationLockout, time);

    /// <param name="client">The client's address.</param>
    /// <param name="user">The user name.</param>
    /// <param name="reply">What the client is told.</param>
    public bool IsLockedOut(UInt128 client, UInt128 user, [NotNullWhen(true)] out SmtpReply? reply)
    {
        reply = _byAddress.IsLockedOut(client) ? Replies.AddressLockedOut
            : _byUser.IsLockedOut(user) ? Replies.AccountLockedOut
            : null;
        return reply is not null;
    }

    /// <returns>How long the reply to it waits.</returns>
    public TimeSpan Failed(UInt128 client, UInt128 user)
    {
        var failures = Math.Max(_byAddress.Add(client), _byUser.Add(user));
        return failures < 2 || options.AuthenticationDelay == TimeSpan.Zero
            ? TimeSpan.Zero
            : TimeSpan.FromSeconds(Math.Min(options.AuthenticationDelay.TotalSeconds * Math.Pow(2, failures - 2), LongestDelay.TotalSeconds));
    }

    public void Succeeded(UInt128 client, UInt128 user)
    {
        _byAddress.Forget(client);
        _byUser.Forget(user);
    }
}
