using System.Globalization;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Http;

/// <summary>The body of a request or of an upstream's response, read once, piece by piece.</summary>
/// <param name="reader">What it comes from; null where there is none.</param>
/// <param name="length">Its length in bytes; null where it comes in chunks.</param>
internal sealed class HttpBody(HttpReader? reader, long? length)
{
    private const int LongestChunkLine = 1024;
    private long left = length ?? 0;
    private bool hasBegun;
    private bool isBetweenChunks;
    private bool hasEnded = length == 0;

    /// <summary>No body.</summary>
    public static HttpBody None => new(null, 0);

    /// <summary>Its length in bytes; null where it comes in chunks.</summary>
    public long? Length => length;

    /// <summary>Whether all of it was read.</summary>
    public bool HasEnded => hasEnded;

    /// <summary>Asked before the first byte is read: tells a client that waits for it to go on.</summary>
    public Func<ValueTask>? Asked { get; set; }

    /// <summary>Whether the client waits to be asked for it (<c>Expect: 100-continue</c>).</summary>
    public bool IsAwaited => Asked is not null && !hasBegun;

    /// <summary>Bytes that were read.</summary>
    public long Read { get; private set; }

    /// <summary>The next bytes; empty at the end. Valid until the next read.</summary>
    /// <exception cref="HttpFaultException">The client went (<see cref="HttpFault.Gone"/>), or what it sends is no chunk.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellation)
    {
        if (hasEnded || reader is null)
        {
            return default;
        }

        if (!hasBegun && Asked is not null)
        {
            await Asked();
        }

        hasBegun = true;
        if (left == 0)
        {
            left = await ReadChunkSizeAsync(reader, cancellation);
            if (left == 0)
            {
                await ReadTrailersAsync(reader, cancellation);
                hasEnded = true;
                return default;
            }
        }

        var block = await reader.ReadBlockAsync(left, cancellation);
        if (block.IsEmpty)
        {
            throw new HttpFaultException(HttpFault.Gone);
        }

        left -= block.Length;
        Read += block.Length;
        if (left == 0 && length is not null)
        {
            hasEnded = true;
        }
        else if (left == 0)
        {
            // The bytes handed out lie in the buffer until the next read; the end of the chunk is read then.
            isBetweenChunks = true;
        }

        return block;
    }

    /// <summary>All of it.</summary>
    /// <exception cref="HttpFaultException">It has more bytes than <paramref name="most"/>.</exception>
    public async ValueTask<byte[]> ReadAllAsync(long most, CancellationToken cancellation)
    {
        if (length > most)
        {
            throw new HttpFaultException(HttpFault.BodyTooLong);
        }

        var bytes = new MemoryStream();
        while (await ReadAsync(cancellation) is { IsEmpty: false } block)
        {
            if (bytes.Length + block.Length > most)
            {
                throw new HttpFaultException(HttpFault.BodyTooLong);
            }

            bytes.Write(block.Span);
        }

        return bytes.ToArray();
    }

    private async ValueTask<long> ReadChunkSizeAsync(HttpReader from, CancellationToken cancellation)
    {
        if (isBetweenChunks)
        {
            isBetweenChunks = false;
            if (await LineAsync(from, cancellation) is not "")
            {
                throw new HttpFaultException(HttpFault.Malformed);
            }
        }

        var line = (await LineAsync(from, cancellation)).Split(';')[0].Trim();
        const int mostDigits = 15;
        return line.Length <= mostDigits && long.TryParse(line, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size) ? size : throw new HttpFaultException(HttpFault.Malformed);
    }

    private static async ValueTask ReadTrailersAsync(HttpReader from, CancellationToken cancellation)
    {
        for (var lines = 0; await LineAsync(from, cancellation) is not ""; lines++)
        {
            const int mostTrailers = 64;
            if (lines > mostTrailers)
            {
                throw new HttpFaultException(HttpFault.HeadersTooLong);
            }
        }
    }

    private static async ValueTask<string> LineAsync(HttpReader from, CancellationToken cancellation) =>
        await from.ReadLineAsync(LongestChunkLine, HttpFault.Malformed, cancellation) ?? throw new HttpFaultException(HttpFault.Gone);
}
