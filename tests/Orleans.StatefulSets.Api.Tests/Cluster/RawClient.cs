using System.Net.Sockets;
using System.Text;

namespace Orleans.StatefulSets.Api.Tests.Cluster;

/// <summary>A TCP connection to the API that sends whatever bytes it likes, or none.</summary>
public sealed class RawClient : IDisposable
{
    private readonly CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = 128 * 1024 };

    public static async Task<RawClient> ConnectAsync(RunningApi api)
    {
        var url = new Uri(api.Url);
        var client = new RawClient();
        await client.socket.ConnectAsync(url.Host, url.Port, client.patience.Token);
        return client;
    }

    /// <summary>Sends text; that the server has closed meanwhile is no failure.</summary>
    public async Task SendAsync(string text)
    {
        try
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(text), patience.Token);
        }
        catch (SocketException)
        {
        }
    }

    /// <summary>Everything up to the end of the connection, whoever ended it and how.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var (text, buffer) = (new StringBuilder(), new byte[64 * 1024]);
        try
        {
            while (await socket.ReceiveAsync(buffer, patience.Token) is > 0 and var read)
            {
                text.Append(Encoding.UTF8.GetString(buffer, 0, read));
            }
        }
        catch (SocketException)
        {
        }

        return text.ToString();
    }

    /// <summary>Reads until a text has come so many times.</summary>
    public async Task<bool> ReadUntilAsync(string mark, int times)
    {
        var (tail, buffer, seen) = ("", new byte[64 * 1024], 0);
        while (seen < times)
        {
            var read = await socket.ReceiveAsync(buffer, patience.Token);
            if (read == 0)
            {
                return false;
            }

            tail += Encoding.UTF8.GetString(buffer, 0, read);
            for (var at = tail.IndexOf(mark, StringComparison.Ordinal); at >= 0; at = tail.IndexOf(mark, StringComparison.Ordinal))
            {
                seen++;
                tail = tail[(at + mark.Length)..];
            }

            tail = tail[Math.Max(0, tail.Length - mark.Length)..];
        }

        return true;
    }

    public void Dispose()
    {
        socket.Dispose();
        patience.Dispose();
    }
}
