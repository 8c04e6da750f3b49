using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Http;

/// <summary>Reads a connection through one buffer, by lines or by blocks; a line is bounded.</summary>
internal sealed class HttpReader(IOpenFile file)
{
    private const int FirstBytes = 1024;
    private byte[] buffer = [];
    private int start;
    private int end;

    /// <summary>What has come and was not read yet.</summary>
    public ReadOnlyMemory<byte> Ahead => buffer.AsMemory(start, end - start);

    /// <summary>Waits for more bytes. The buffer grows where nothing was taken from it: whoever only looks ahead bounds that.</summary>
    /// <returns>False at the end.</returns>
    public async ValueTask<bool> FillAsync(CancellationToken cancellation)
    {
        if (start == end)
        {
            start = end = 0;
        }

        if (end == buffer.Length)
        {
            Grow();
        }

        var count = await file.ReadAsync(buffer.AsMemory(end), cancellation);
        end += count;
        return count > 0;
    }

    /// <summary>The next line without its end.</summary>
    /// <returns>Null where the connection ended before it.</returns>
    /// <exception cref="HttpFaultException">It is longer than <paramref name="most"/>: <paramref name="tooLong"/>.</exception>
    public async ValueTask<string?> ReadLineAsync(int most, HttpFault tooLong, CancellationToken cancellation)
    {
        for (var looked = 0; ;)
        {
            var at = buffer.AsSpan(start + looked, end - start - looked).IndexOf((byte)'\n');
            if (at >= 0)
            {
                var length = looked + at;
                var line = ByteText.FromBytes(buffer.AsSpan(start, length > 0 && buffer[start + length - 1] == '\r' ? length - 1 : length));
                start += length + 1;
                return length > most ? throw new HttpFaultException(tooLong) : line;
            }

            looked = end - start;
            if (looked > most)
            {
                throw new HttpFaultException(tooLong);
            }

            if (!await FillAsync(cancellation))
            {
                return null;
            }
        }
    }

    /// <summary>The next bytes, at most so many, waiting for one; empty at the end. Valid until the next read.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadBlockAsync(long most, CancellationToken cancellation)
    {
        if (start == end && !await FillAsync(cancellation))
        {
            return default;
        }

        var block = buffer.AsMemory(start, (int)Math.Min(most, end - start));
        start += block.Length;
        return block;
    }

    private void Grow()
    {
        var held = end - start;
        if (start == 0 && held == buffer.Length)
        {
            Array.Resize(ref buffer, buffer.Length == 0 ? FirstBytes : buffer.Length * 2);
            return;
        }

        buffer.AsSpan(start, held).CopyTo(buffer);
        (start, end) = (0, held);
    }
}
