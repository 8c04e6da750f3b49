using System.Net.WebSockets;
using System.Text;

namespace Orleans.StatefulSets.Benchmarks.Load;

/// <summary>One <c>exec</c> over a WebSocket, as the official C# client sends it.</summary>
internal static class RemoteCommand
{
    private const byte Stdout = 1;
    private const byte Status = 3;

    /// <summary>Runs a command to its end.</summary>
    /// <returns>Its output.</returns>
    /// <exception cref="BenchmarkException">It did not succeed.</exception>
    public static async Task<string> RunAsync(Uri server, string pod, string command, CancellationToken cancellationToken)
    {
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("v4.channel.k8s.io");
        var words = string.Concat(command.Split(' ').Select(word => $"&command={Uri.EscapeDataString(word)}"));
        await socket.ConnectAsync(new Uri($"ws://{server.Authority}/api/v1/namespaces/default/pods/{pod}/exec?stdout=true&stderr=true{words}"), cancellationToken);
        var (output, status) = (new StringBuilder(), "");
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var count = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(buffer.AsMemory(count), cancellationToken);
                count += part.Count;
            }
            while (!part.EndOfMessage);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                break;
            }

            var text = Encoding.UTF8.GetString(buffer, 1, Math.Max(0, count - 1));
            if (count > 0 && buffer[0] == Stdout)
            {
                output.Append(text);
            }

            status = count > 0 && buffer[0] == Status ? text : status;
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
        return status.Contains("\"Success\"", StringComparison.Ordinal) ? output.ToString() : throw new BenchmarkException($"exec in {pod} ended with {status}");
    }
}
