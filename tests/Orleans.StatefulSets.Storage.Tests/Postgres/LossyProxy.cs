using System.Net;
using System.Net.Sockets;

namespace Orleans.StatefulSets.Storage.Tests.Postgres;

/// <summary>A way to the server that can lose answers: what was asked arrives, and then the connection is gone.</summary>
internal sealed class LossyProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly int serverPort;
    private readonly Task accepting;
    private int answersUntilLoss = -1;
    private Func<Task>? instead;

    public LossyProxy(int serverPort)
    {
        this.serverPort = serverPort;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Loses one answer.</summary>
    /// <param name="number">Which of those to come: 1 for the next.</param>
    public void Lose(int number) => Volatile.Write(ref answersUntilLoss, number);

    /// <summary>Loses what is asked next, on its way there.</summary>
    /// <param name="happens">What happens at the server meanwhile.</param>
    public void LoseRequest(Func<Task> happens) => Volatile.Write(ref instead, happens);

    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        await accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // The proxy was closed.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            await server.ConnectAsync(IPAddress.Loopback, serverPort);
            await Task.WhenAny(PumpAsync(client, server, isAnswer: false), PumpAsync(server, client, isAnswer: true));
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, bool isAnswer)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer) is > 0 and var count)
            {
                if (isAnswer && Interlocked.Decrement(ref answersUntilLoss) == 0)
                {
                    return;
                }

                if (!isAnswer && Interlocked.Exchange(ref instead, null) is { } happens)
                {
                    await happens();
                    return;
                }

                await to.GetStream().WriteAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception end) when (end is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // One of the two is gone.
        }
    }
}
