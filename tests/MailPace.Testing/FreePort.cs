using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MailPace.Testing;

/// <summary>
/// Loopback ports outside the kernel's ephemeral range. One inside it is a trap for tests that kill a server: another
/// connection may take the port before the restart, and a client that reconnects may be connected to itself.
/// </summary>
public static class FreePort
{
    private const int Lowest = 10_000;
    private const string EphemeralRange = "/proc/sys/net/ipv4/ip_local_port_range";

    /// <summary>Servers listen where they are told only some seconds later, and not all the time: no port is given twice.</summary>
    private static readonly ConcurrentDictionary<int, bool> Given = new();

    /// <summary>A port that was free a moment ago and that this process has given to nobody else, for servers that can't choose one themselves.</summary>
    public static int Next()
    {
        var lowestEphemeral = File.Exists(EphemeralRange)
            ? int.Parse(File.ReadAllText(EphemeralRange).Split('\t', ' ')[0], CultureInfo.InvariantCulture)
            : 32_768;
        for (var attempt = 0; attempt < 1_000; attempt++)
        {
            var port = Random.Shared.Next(Math.Min(Lowest, lowestEphemeral - 1_000), lowestEphemeral);
            if (IsFree(port) && Given.TryAdd(port, true))
            {
                return port;
            }
        }

        throw new InvalidOperationException("No free loopback port was found.");
    }

    /// <summary>Returns when something accepts connections there.</summary>
    /// <param name="port">Port on 127.0.0.1.</param>
    /// <param name="log">File to quote when it doesn't come up.</param>
    /// <param name="process">The server: its end ends the waiting.</param>
    public static async Task WaitForListenerAsync(int port, string log, ServerProcess process)
    {
        for (var started = Environment.TickCount64; Environment.TickCount64 - started < 30_000 && !process.HasExited;)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(20); // there is no event to wait for
            }
        }

        throw new InvalidOperationException($"Nothing listens on port {port}. Its log: {(File.Exists(log) ? await File.ReadAllTextAsync(log) : "none")}");
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
