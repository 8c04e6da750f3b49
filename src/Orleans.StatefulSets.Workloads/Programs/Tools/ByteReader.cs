using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>Reads an open file through a buffer, by lines or by blocks; a line is bounded by what the process may hold.</summary>
internal sealed class ByteReader(ToolCall call, IOpenFile file)
{
    private const int BufferBytes = 16_384;
    private byte[] buffer = [];
    private int start;
    private int end;
    private bool ended;

    /// <summary>Whether closing the reader closes the file.</summary>
    public bool Owns { get; init; }

    public IOpenFile File => file;

    /// <summary>Bytes handed out so far, by blocks.</summary>
    public long Consumed { get; private set; }

    public ValueTask CloseAsync() => Owns ? call.CloseAsync(file) : default;

    /// <summary>The next bytes, at most so many; empty at the end. Valid until the next read.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadBlockAsync(int most = int.MaxValue)
    {
        if (start == end && !await FillAsync())
        {
            return default;
        }

        var block = buffer.AsMemory(start, Math.Min(most, end - start));
        start += block.Length;
        Consumed += block.Length;
        return block;
    }

    /// <summary>Exactly so many bytes, or fewer at the end.</summary>
    public async ValueTask<byte[]> ReadExactlyAsync(int count)
    {
        var bytes = new MemoryStream();
        while (bytes.Length < count)
        {
            var block = await ReadBlockAsync(count - (int)bytes.Length);
            if (block.IsEmpty)
            {
                break;
            }

            bytes.Write(block.Span);
        }

        return bytes.ToArray();
    }

    /// <summary>The next line with its end (the last one may have none); null at the end.</summary>
    public async ValueTask<string?> ReadLineAsync(char terminator = '\n')
    {
        await call.Process.StepAsync();
        System.Text.StringBuilder? line = null;
        while (start < end || await FillAsync())
        {
            var at = buffer.AsSpan(start, end - start).IndexOf((byte)terminator);
            var length = at < 0 ? end - start : at + 1;
            var part = ByteText.FromBytes(buffer.AsSpan(start, length));
            start += length;
            if (at >= 0)
            {
                return line is null ? part : line.Append(part).ToString();
            }

            line = (line ?? new()).Append(part);
            RequireRoom(line.Length);
        }

        return line?.ToString();
    }

    public async ValueTask<string> ReadToEndAsync()
    {
        var text = new System.Text.StringBuilder();
        while (start < end || await FillAsync())
        {
            text.Append(ByteText.FromBytes(buffer.AsSpan(start, end - start)));
            start = end;
            RequireRoom(text.Length);
        }

        return text.ToString();
    }

    /// <summary>All lines with their ends.</summary>
    public async ValueTask<List<string>> ReadLinesAsync(char terminator = '\n')
    {
        var lines = new List<string>();
        long total = 0;
        while (await ReadLineAsync(terminator) is { } line)
        {
            lines.Add(line);
            total += line.Length + 32;
            RequireRoom(total);
        }

        return lines;
    }

    /// <summary>Whether there is nothing left. Waits where that is not known yet.</summary>
    public async ValueTask<bool> IsAtEndAsync() => start == end && !await FillAsync();

    private async ValueTask<bool> FillAsync()
    {
        if (ended)
        {
            return false;
        }

        if (buffer.Length == 0)
        {
            buffer = new byte[BufferBytes];
        }

        if (call.IsTerminal)
        {
            // Who types at a terminal sees what was answered before more is asked for.
            await call.FlushAsync();
        }

        await call.Process.StepAsync();
        start = 0;
        end = await file.ReadAsync(buffer, call.Process.Killed);
        ended = end == 0;
        return !ended;
    }

    private void RequireRoom(long bytes)
    {
        if (bytes > call.MostBytes)
        {
            throw new FileException(Errno.ENOMEM);
        }
    }
}
