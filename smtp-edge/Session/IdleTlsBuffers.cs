using System.Net.Security;
using System.Reflection;
using System.Runtime.InteropServices;

namespace MailPace.SmtpEdge.Session;

/// <summary>
/// OpenSSL keeps two buffers of 16 KB for each connection, unless told to let go of them whenever they are empty; then an idle
/// connection takes half. .NET doesn't tell it, and has no option for it, so its handle of the connection is looked up here.
/// Where that isn't there, or there is another library, sessions take more memory and all else is the same.
/// </summary>
internal static partial class IdleTlsBuffers
{
    private const int SetMode = 33;
    private const int ReleaseBuffers = 16;

    private static readonly FieldInfo? Context = typeof(SslStream).GetField("_securityContext", BindingFlags.Instance | BindingFlags.NonPublic);

    private static readonly Lazy<bool> IsKnown = new(static () => Context is not null && NativeLibrary.TryLoad("libssl.so.3", out _));

    /// <summary>Lets the connection keep no empty buffers.</summary>
    /// <returns>Whether it does.</returns>
    public static bool Release(SslStream connection)
    {
        if (!IsKnown.Value || Context!.GetValue(connection) is not SafeHandle { IsInvalid: false, IsClosed: false } handle)
        {
            return false;
        }

        var held = false;
        try
        {
            handle.DangerousAddRef(ref held);
            return (SSL_ctrl(handle.DangerousGetHandle(), SetMode, ReleaseBuffers, 0) & ReleaseBuffers) != 0;
        }
        finally
        {
            if (held)
            {
                handle.DangerousRelease();
            }
        }
    }

    [LibraryImport("libssl.so.3")]
    private static partial nint SSL_ctrl(nint connection, int command, nint number, nint pointer);
}
