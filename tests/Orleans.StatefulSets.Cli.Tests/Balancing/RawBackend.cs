using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Orleans.StatefulSets.Cli.Tests.Balancing;

/// <summary>
/// A server that is written by hand: it answers probes and what the test wants answered; in the middle of any other request it goes away,
/// as one that is killed.
/// </summary>
internal sealed class RawBackend : IAsyncDisposable
{
    private static readonly byte[] Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray();

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();
    private readonly ConcurrentBag<TcpClient> clients = [];
    private readonly Task accepting;

    public RawBackend()
    {
        listener.Start();
        accepting = AcceptAsync();
    }

    public Uri Url => new($"http://{listener.LocalEndpoint}");

    /// <summary>The first lines of what came, besides the probes.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Stop();
        foreach (var client in clients)
        {
            client.Dispose();
        }

        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await listener.AcceptTcpClientAsync(end.Token);
            clients.Add(client);
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            var stream = client.GetStream();
            var buffer = new byte[64 * 1024];
            while (true)
            {
                var read = await stream.ReadAsync(buffer, end.Token);
                if (read == 0)
                {
                    return;
                }

                var line = Encoding.ASCII.GetString(buffer, 0, read).Split('\r')[0];
                if (!line.Contains("/readyz", StringComparison.Ordinal))
                {
                    Requests.Enqueue(line);
                    if (!line.Contains("/answered", StringComparison.Ordinal))
                    {
                        client.Close();
                        return;
                    }
                }

                await stream.WriteAsync(Ok, end.Token);
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The balancer closed it, or the test is over.
        }
    }
}
