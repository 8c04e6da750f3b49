using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Orleans.StatefulSets.Server.Tests.Fuzzing;

/// <summary>
/// HTTP/1.1 on a bare socket: it sends whatever it is given, right or wrong, and costs little. It is opened again where the other side closed it.
/// </summary>
internal sealed class RawConnection(int port) : IDisposable
{
    private readonly byte[] buffer = new byte[16 * 1024];
    private Socket? socket;
    private int start;
    private int end;

    /// <summary>Sends a request and closes without waiting for an answer.</summary>
    public async Task AbandonAsync(ReadOnlyMemory<byte> request, CancellationToken deadline)
    {
        await SendAsync(request, deadline);
        Close();
    }

    /// <summary>Sends a request and reads its answer; null where the connection was closed instead of it.</summary>
    /// <param name="request">The bytes of the request.</param>
    /// <param name="isHead">Whether the answer has no body whatever its headers say.</param>
    /// <param name="endless">Whether to close after the headers of an answer that names no length.</param>
    /// <param name="deadline">When the answer is too late.</param>
    public async Task<RawAnswer?> AskAsync(ReadOnlyMemory<byte> request, bool isHead, bool endless, CancellationToken deadline)
    {
        try
        {
            await SendAsync(request, deadline);
            return await ReadAsync(isHead, endless, deadline);
        }
        catch (Exception closed) when (closed is SocketException or EndOfStreamException)
        {
            Close();
            return null;
        }
        catch
        {
            Close();
            throw;
        }
    }

    public void Dispose() => Close();

    private void Close()
    {
        socket?.Dispose();
        socket = null;
        start = end = 0;
    }

    private async Task SendAsync(ReadOnlyMemory<byte> request, CancellationToken deadline)
    {
        if (socket is null)
        {
            socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), deadline);
        }

        try
        {
            while (request.Length > 0)
            {
                request = request[await socket.SendAsync(request, SocketFlags.None, deadline)..];
            }
        }
        catch (SocketException)
        {
            // It refused before it had read everything: what it said may still be there to be read.
        }
    }

    private async Task<RawAnswer> ReadAsync(bool isHead, bool endless, CancellationToken deadline)
    {
        var status = await LineAsync(deadline);
        var code = int.Parse(status.AsSpan(9, 3), CultureInfo.InvariantCulture);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await LineAsync(deadline) is { Length: > 0 } line)
        {
            headers[line[..line.IndexOf(':')]] = line[(line.IndexOf(':') + 1)..].Trim();
        }

        endless &= code == 200;
        var isLong = headers.TryGetValue("Content-Length", out var length);
        var body = isHead || code is 204 or 304 || (endless && !isLong) ? []
            : isLong ? await BytesAsync(int.Parse(length!, CultureInfo.InvariantCulture), deadline)
            : await ChunksAsync(deadline);
        if (headers.GetValueOrDefault("Connection") == "close" || (endless && !isLong))
        {
            Close();
        }

        return new RawAnswer(code, headers, body);
    }

    private async Task<byte[]> ChunksAsync(CancellationToken deadline)
    {
        using var body = new MemoryStream();
        while (true)
        {
            var size = int.Parse(await LineAsync(deadline), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            body.Write(await BytesAsync(size, deadline));
            await LineAsync(deadline);
            if (size == 0)
            {
                return body.ToArray();
            }
        }
    }

    private async Task<byte[]> BytesAsync(int count, CancellationToken deadline)
    {
        var bytes = new byte[count];
        for (var done = 0; done < count;)
        {
            if (start == end)
            {
                await FillAsync(deadline);
            }

            var part = Math.Min(count - done, end - start);
            buffer.AsSpan(start, part).CopyTo(bytes.AsSpan(done));
            (start, done) = (start + part, done + part);
        }

        return bytes;
    }

    private async Task<string> LineAsync(CancellationToken deadline)
    {
        var line = new StringBuilder();
        while (true)
        {
            if (start == end)
            {
                await FillAsync(deadline);
            }

            var found = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            var taken = found < 0 ? end - start : found + 1;
            line.Append(Encoding.Latin1.GetString(buffer, start, taken));
            start += taken;
            if (found >= 0)
            {
                return line.ToString().TrimEnd('\r', '\n');
            }
        }
    }

    private async Task FillAsync(CancellationToken deadline)
    {
        start = 0;
        end = await socket!.ReceiveAsync(buffer, SocketFlags.None, deadline);
        if (end == 0)
        {
            throw new EndOfStreamException();
        }
    }
}
