using System.Net;
using System.Net.Sockets;

namespace MailPace.Testing;

/// <summary>Loopback ports.</summary>
public static class FreePort
{
    /// <summary>A port that was free a moment ago, for servers that can't choose one themselves.</summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Returns when something accepts connections there.</summary>
    /// <param name="port">Port on 127.0.0.1.</param>
    /// <param name="log">File to quote when it doesn't come up.</param>
    /// <param name="process">The server: its end ends the waiting.</param>
    public static async Task WaitForListenerAsync(int port, string log, ServerProcess process)
    {
        for (var started = Environment.TickCount64; Environment.TickCount64 - started < 30_000;)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException) when (!process.HasExited)
            {
                await Task.Delay(20); // there is no event to wait for
            }
        }

        throw new InvalidOperationException($"Nothing listens on port {port}. Its log: {(File.Exists(log) ? await File.ReadAllTextAsync(log) : "none")}");
    }
}
