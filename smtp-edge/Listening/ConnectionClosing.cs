using Microsoft.AspNetCore.Connections;

namespace MailPace.SmtpEdge.Listening;

internal static class ConnectionClosing
{
    /// <summary>Ends both pipes; what was written to the socket still goes out.</summary>
    public static async ValueTask CloseAsync(this ConnectionContext connection)
    {
        await connection.Transport.Input.CompleteAsync().ConfigureAwait(false);
        await connection.Transport.Output.CompleteAsync().ConfigureAwait(false);
        await connection.DisposeAsync().ConfigureAwait(false);
    }
}
