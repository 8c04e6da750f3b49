using System.Globalization;
using System.Text;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>
/// One request and its response over a connection of the pod's network: HTTP/1.1, one exchange a connection. The host's own client is
/// not used: it goes on off the pod's scheduler, and does not show headers as they came, which curl and wget print.
/// </summary>
internal sealed class HttpExchange(ToolCall call, IOpenFile connection)
{
    private const int MostHeaders = 256;
    private const int MostHeaderBytes = 65_536;
    private readonly ByteReader reader = new(call, connection);

    /// <summary>The first line of the response, such as <c>HTTP/1.1 200 OK</c>.</summary>
    public string StatusLine { get; private set; } = "";

    public int Status { get; private set; }

    public List<(string Name, string Value)> Headers { get; } = [];

    /// <summary>Sends a request. Headers and body as they are.</summary>
    public ValueTask SendAsync(string method, string path, IEnumerable<string> headers, string? body) => connection.WriteAsync(
        ByteText.ToBytes($"{method} {path} HTTP/1.1\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n{body}"), call.Process.Killed);

    public string? Header(string name) => Headers.Find(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>Reads the response's head; interim responses are passed over.</summary>
    /// <returns>False where the server closed without an answer, or with something that is none.</returns>
    public async ValueTask<bool> ReadHeadAsync()
    {
        do
        {
            Headers.Clear();
            if (await reader.ReadLineAsync() is not { } line || !line.StartsWith("HTTP/", StringComparison.Ordinal))
            {
                return false;
            }

            StatusLine = line.TrimEnd('\r', '\n');
            Status = int.TryParse(StatusLine.Split(' ').ElementAtOrDefault(1), NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : 0;
            var total = 0;
            while (await reader.ReadLineAsync() is { } header && header.TrimEnd('\r', '\n') is { Length: > 0 } text)
            {
                total += text.Length;
                if (Headers.Count >= MostHeaders || total > MostHeaderBytes)
                {
                    return false;
                }

                var colon = text.IndexOf(':', StringComparison.Ordinal);
                Headers.Add(colon < 0 ? (text, "") : (text[..colon], text[(colon + 1)..].Trim()));
            }
        }
        while (Status is >= 100 and < 200 and not 101);
        return Status > 0;
    }

    /// <summary>Hands the response's body on, block by block.</summary>
    /// <returns>False where it ended early.</returns>
    public async ValueTask<bool> ReadBodyAsync(Func<ReadOnlyMemory<byte>, ValueTask> take)
    {
        if (Status is 204 or 304)
        {
            return true;
        }

        if (Header("Transfer-Encoding")?.Contains("chunked", StringComparison.OrdinalIgnoreCase) == true)
        {
            return await ReadChunksAsync(take);
        }

        var length = long.TryParse(Header("Content-Length"), NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : -1;
        return await ReadAsync(length < 0 ? long.MaxValue : length, take) || length < 0;
    }

    private async ValueTask<bool> ReadChunksAsync(Func<ReadOnlyMemory<byte>, ValueTask> take)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            if (!long.TryParse(line.Split(';')[0].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var size) || size < 0)
            {
                return false;
            }

            if (size == 0)
            {
                return true;
            }

            if (!await ReadAsync(size, take))
            {
                return false;
            }

            await reader.ReadLineAsync();
        }

        return false;
    }

    private async ValueTask<bool> ReadAsync(long length, Func<ReadOnlyMemory<byte>, ValueTask> take)
    {
        while (length > 0)
        {
            var block = await reader.ReadBlockAsync((int)Math.Min(length, int.MaxValue));
            if (block.IsEmpty)
            {
                return false;
            }

            length -= block.Length;
            await take(block);
        }

        return true;
    }

    /// <summary>The header of a user and password.</summary>
    public static string Basic(string user) => $"Authorization: Basic {Convert.ToBase64String(Encoding.Latin1.GetBytes(user))}";

    public ValueTask CloseAsync() => connection.CloseAsync();
}
