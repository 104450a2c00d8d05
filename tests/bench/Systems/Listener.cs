using System.Net;
using System.Net.Sockets;

namespace MailPace.Bench.Systems;

internal static class Listener
{
    /// <summary>Returns when something accepts connections there; throws after 30 seconds.</summary>
    public static async Task WaitAsync(IPEndPoint endPoint)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(endPoint, limit.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(20, limit.Token);
            }
        }
    }
}
