using System.Net.Sockets;
using System.Text;

namespace Orleans.StatefulSets.Benchmarks.Load;

/// <summary>
/// One HTTP/1.1 connection, as cheap as can be: of thousands, the client must not be what is measured. Answers are those of small
/// requests, with a Content-Length.
/// </summary>
internal sealed class RawConnection(Uri url) : IDisposable
{
    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] buffer = new byte[16 * 1024];

    public Task ConnectAsync(CancellationToken cancellationToken) => socket.ConnectAsync(url.Host, url.Port, cancellationToken).AsTask();

    /// <summary>Sends a request and reads its answer.</summary>
    /// <returns>The status code.</returns>
    /// <exception cref="IOException">The server closed the connection.</exception>
    public async Task<int> SendAsync(byte[] request, CancellationToken cancellationToken)
    {
        await socket.SendAsync(request, cancellationToken);
        var filled = 0;
        while (true)
        {
            filled += await ReadAsync(filled, cancellationToken);
            if (buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8) is > 0 and var end && filled >= end + 4 + LengthOf(buffer.AsSpan(0, end)))
            {
                return int.Parse(buffer.AsSpan(9, 3), provider: null);
            }
        }
    }

    /// <summary>Sends a request and reads the head of its answer only.</summary>
    public async Task OpenAsync(byte[] request, CancellationToken cancellationToken)
    {
        await socket.SendAsync(request, cancellationToken);
        var filled = 0;
        while (buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8) < 0)
        {
            filled += await ReadAsync(filled, cancellationToken);
        }
    }

    /// <summary>Reads what comes next, whatever it is; the answer of a watch.</summary>
    public async Task NextAsync(CancellationToken cancellationToken) => await ReadAsync(0, cancellationToken);

    public static byte[] Request(Uri url, string method, string path, string body = "") => Encoding.UTF8.GetBytes(
        $"{method} {path} HTTP/1.1\r\nHost: {url.Authority}\r\nAccept: application/json\r\n"
        + (body.Length > 0 ? $"Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}" : "\r\n"));

    public void Dispose() => socket.Dispose();

    private async Task<int> ReadAsync(int filled, CancellationToken cancellationToken) =>
        await socket.ReceiveAsync(buffer.AsMemory(filled), cancellationToken) is > 0 and var read
            ? read
            : throw new IOException("the server closed a connection");

    private static int LengthOf(ReadOnlySpan<byte> head)
    {
        var name = "Content-Length: "u8;
        var rest = head[(head.IndexOf(name) + name.Length)..];
        var line = rest.IndexOf("\r\n"u8) is >= 0 and var end ? rest[..end] : rest;
        return int.Parse(line, provider: null);
    }
}
