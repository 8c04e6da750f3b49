using System.Globalization;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs.Servers.Http;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Nginx;

/// <summary>What another server answers, over a connection of its own that closes with it.</summary>
internal sealed class UpstreamResponse(IOpenFile connection) : HttpPayload
{
    private const int LongestLine = 8192;
    private const int MostHeaders = 256;
    private readonly HttpReader reader = new(connection);
    private HttpBody? framed;
    private long? length;

    public int Status { get; private set; }

    public string Reason { get; private set; } = "";

    public List<(string Name, string Value)> Headers { get; } = [];

    public override long? Length => length;

    public string? Header(string name) => Headers.Find(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>Asks.</summary>
    public async ValueTask SendAsync(string head, (HttpBody? Stream, byte[]? Bytes) body, CancellationToken cancellation)
    {
        try
        {
            await connection.WriteAsync(ByteText.ToBytes(head), cancellation);
            if (body.Bytes is { Length: > 0 } bytes)
            {
                await connection.WriteAsync(bytes, cancellation);
            }

            while (body.Stream is not null && await body.Stream.ReadAsync(cancellation) is { IsEmpty: false } piece)
            {
                await connection.WriteAsync(piece, cancellation);
            }
        }
        catch (FileException)
        {
            // It may have answered without taking all of the body.
        }
    }

    /// <summary>Reads the head of the answer; interim ones are passed over.</summary>
    /// <exception cref="UpstreamException">There is none, or it is none.</exception>
    public async ValueTask ReadHeadAsync(bool hasNoBody, CancellationToken cancellation)
    {
        try
        {
            do
            {
                await ReadOneHeadAsync(cancellation);
            }
            while (Status is >= 100 and < 200);
        }
        catch (FileException failure)
        {
            throw new UpstreamException(502, $"recv() failed ({(int)failure.Code}: {failure.Message}) while reading response header from upstream");
        }
        catch (HttpFaultException)
        {
            throw new UpstreamException(502, "upstream sent too big header while reading response header from upstream");
        }

        if (Header("Transfer-Encoding")?.Contains("chunked", StringComparison.OrdinalIgnoreCase) == true)
        {
            framed = new HttpBody(reader, null);
        }
        else if (long.TryParse(Header("Content-Length"), NumberStyles.None, CultureInfo.InvariantCulture, out var told))
        {
            length = told;
            framed = hasNoBody || Status is 204 or 304 ? HttpBody.None : new HttpBody(reader, told);
        }
        else if (hasNoBody || Status is 204 or 304)
        {
            framed = HttpBody.None;
        }
    }

    public override async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            return framed is null ? await reader.ReadBlockAsync(int.MaxValue, cancellation) : await framed.ReadAsync(cancellation);
        }
        catch (HttpFaultException)
        {
            // It went in the middle; the client sees that something is missing, for the connection closes.
            throw new FileException(Errno.ECONNRESET);
        }
    }

    public override ValueTask DisposeAsync() => connection.CloseAsync();

    private async ValueTask ReadOneHeadAsync(CancellationToken cancellation)
    {
        Headers.Clear();
        var line = await reader.ReadLineAsync(LongestLine, HttpFault.HeadersTooLong, cancellation)
            ?? throw new UpstreamException(502, "upstream prematurely closed connection while reading response header from upstream");
        var parts = line.Split(' ', 3);
        if (!line.StartsWith("HTTP/1.", StringComparison.Ordinal) || parts.Length < 2 || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var status) || status is < 100 or > 999)
        {
            throw new UpstreamException(502, "upstream sent no valid HTTP/1.0 header while reading response header from upstream");
        }

        (Status, Reason) = (status, parts.ElementAtOrDefault(2) ?? "");
        while (await reader.ReadLineAsync(LongestLine, HttpFault.HeadersTooLong, cancellation) is { Length: > 0 } header)
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || Headers.Count >= MostHeaders)
            {
                throw new UpstreamException(502, "upstream sent invalid header while reading response header from upstream");
            }

            Headers.Add((header[..colon], header[(colon + 1)..].Trim()));
        }
    }
}
