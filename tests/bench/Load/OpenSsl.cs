using System.Runtime.InteropServices;

namespace MailPace.Bench.Load;

/// <summary>
/// TLS over a blocking socket, straight through libssl. A handshake by SslStream costs the load generator more than it costs
/// the server, and the two share the machine's cores. No certificate is checked: what is measured is the work, not the trust.
/// </summary>
internal sealed partial class OpenSsl : IDisposable
{
    private const string Library = "libssl.so.3";

    private static readonly nint Context = NewContext();

    /// <summary>What the last connection of this thread left to resume; a thread has one server.</summary>
    [ThreadStatic]
    private static nint _ticket;

    private readonly nint _connection;

    /// <summary>Shakes hands over <paramref name="descriptor"/>; a thread resumes the session of its connection before, as MailKit or Postfix do.</summary>
    public OpenSsl(nint descriptor)
    {
        _connection = SSL_new(Context);
        if (_ticket != 0)
        {
            _ = SSL_set_session(_connection, _ticket);
        }

        if (SSL_set_fd(_connection, (int)descriptor) != 1 || SSL_connect(_connection) != 1)
        {
            throw new IOException("The TLS handshake failed.");
        }
    }

    public unsafe void Write(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            if (SSL_write(_connection, start, bytes.Length) != bytes.Length)
            {
                throw new IOException("The server closed the connection.");
            }
        }
    }

    /// <returns>The octets read; 0 at the end.</returns>
    public unsafe int Read(Span<byte> target)
    {
        fixed (byte* start = target)
        {
            return Math.Max(0, SSL_read(_connection, start, target.Length));
        }
    }

    public void Dispose()
    {
        if (_ticket != 0)
        {
            SSL_SESSION_free(_ticket);
        }

        _ticket = SSL_get1_session(_connection);

        // Without it libssl takes the session for a broken one, and doesn't resume it.
        SSL_set_quiet_shutdown(_connection, 1);
        _ = SSL_shutdown(_connection);
        SSL_free(_connection);
    }

    private static nint NewContext()
    {
        const int SetMode = 33;
        const int AutoRetry = 4;
        const int ReleaseBuffers = 16;
        var context = SSL_CTX_new(TLS_client_method());
        SSL_CTX_ctrl(context, SetMode, AutoRetry | ReleaseBuffers, 0);
        return context;
    }

    [LibraryImport(Library)]
    private static partial nint TLS_client_method();

    [LibraryImport(Library)]
    private static partial nint SSL_CTX_new(nint method);

    [LibraryImport(Library)]
    private static partial nint SSL_CTX_ctrl(nint context, int command, nint number, nint pointer);

    [LibraryImport(Library)]
    private static partial nint SSL_new(nint context);

    [LibraryImport(Library)]
    private static partial int SSL_set_fd(nint connection, int descriptor);

    [LibraryImport(Library)]
    private static partial int SSL_connect(nint connection);

    [LibraryImport(Library)]
    private static unsafe partial int SSL_write(nint connection, byte* buffer, int length);

    [LibraryImport(Library)]
    private static unsafe partial int SSL_read(nint connection, byte* buffer, int length);

    [LibraryImport(Library)]
    private static partial int SSL_set_session(nint connection, nint session);

    [LibraryImport(Library)]
    private static partial nint SSL_get1_session(nint connection);

    [LibraryImport(Library)]
    private static partial void SSL_SESSION_free(nint session);

    [LibraryImport(Library)]
    private static partial void SSL_set_quiet_shutdown(nint connection, int mode);

    [LibraryImport(Library)]
    private static partial int SSL_shutdown(nint connection);

    [LibraryImport(Library)]
    private static partial void SSL_free(nint connection);
}
