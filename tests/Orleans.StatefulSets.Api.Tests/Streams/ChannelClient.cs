using System.Net.WebSockets;
using System.Text;
using Orleans.StatefulSets.Api.Tests.Cluster;

namespace Orleans.StatefulSets.Api.Tests.Streams;

/// <summary>A WebSocket to a pod, message by message.</summary>
internal sealed class ChannelClient : IDisposable
{
    private readonly CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
    private readonly ClientWebSocket socket = new();
    private readonly byte[] buffer = new byte[64 * 1024];

    public ChannelClient(params string[] protocols)
    {
        socket.Options.CollectHttpResponseDetails = true;
        foreach (var protocol in protocols)
        {
            socket.Options.AddSubProtocol(protocol);
        }
    }

    public string? Protocol => socket.SubProtocol;

    public static async Task<ChannelClient> OpenAsync(RunningApi api, string path, params string[] protocols)
    {
        var client = new ChannelClient(protocols);
        await client.ConnectAsync(api, path);
        return client;
    }

    public void SetHeader(string name, string value) => socket.Options.SetRequestHeader(name, value);

    public Task ConnectAsync(RunningApi api, string path) => socket.ConnectAsync(new Uri(api.Url.Replace("http:", "ws:") + path), patience.Token);

    /// <summary>The code with which the upgrade is refused.</summary>
    public async Task<int> RefusedAsync(RunningApi api, string path)
    {
        await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(api, path));
        return (int)socket.HttpStatusCode;
    }

    public Task SendAsync(byte channel, string text) =>
        socket.SendAsync(new ArraySegment<byte>([channel, .. Encoding.Latin1.GetBytes(text)]), WebSocketMessageType.Binary, endOfMessage: true, patience.Token);

    public Task SendTextAsync(string text) =>
        socket.SendAsync(Encoding.Latin1.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, patience.Token);

    /// <summary>The next message, its channel before a colon; null at the end.</summary>
    public async Task<string?> ReceiveAsync()
    {
        var received = await socket.ReceiveAsync(buffer.AsMemory(), patience.Token);
        return received.MessageType switch
        {
            WebSocketMessageType.Close => null,
            WebSocketMessageType.Text => Encoding.Latin1.GetString(buffer, 0, received.Count),
            _ => $"{buffer[0]}:{Encoding.Latin1.GetString(buffer, 1, received.Count - 1)}",
        };
    }

    /// <summary>All messages up to the end.</summary>
    public async Task<IReadOnlyList<string>> ReceiveAllAsync()
    {
        List<string> all = [];
        while (await ReceiveAsync() is { } message)
        {
            all.Add(message);
        }

        return all;
    }

    public Task CloseAsync() => socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);

    public void Dispose()
    {
        socket.Dispose();
        patience.Dispose();
    }
}
