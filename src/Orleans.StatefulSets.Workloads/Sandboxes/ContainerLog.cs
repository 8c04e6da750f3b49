namespace Orleans.StatefulSets.Workloads.Sandboxes;

/// <summary>One line of a container's log.</summary>
/// <param name="At">When it was written, simulated time, UTC.</param>
/// <param name="IsError">Standard error.</param>
/// <param name="Bytes">The line, its newline included where it has one.</param>
public readonly record struct LogLine(DateTime At, bool IsError, ReadOnlyMemory<byte> Bytes);

/// <summary>A part of a log.</summary>
/// <param name="Lines">The lines, oldest first.</param>
/// <param name="Next">Where the next part begins.</param>
/// <param name="IsComplete">Nothing more will come: the container ended, and this is the end.</param>
public sealed record LogPage(IReadOnlyList<LogLine> Lines, long Next, bool IsComplete);

/// <summary>A part of a log that is asked for.</summary>
/// <param name="From">Where it begins.</param>
/// <param name="Until">Where the log ends now.</param>
public readonly record struct LogSpan(long From, long Until);

/// <summary>From where on a log is read.</summary>
public readonly record struct LogStart
{
    /// <summary>At most as many of the last lines; null for all.</summary>
    public long? TailLines { get; init; }

    /// <summary>Nothing older; null for no bound.</summary>
    public DateTime? Since { get; init; }
}

/// <summary>
/// What one instance of a container wrote, line by line as a container runtime cuts it: at newlines, or after 16 KiB. The oldest lines go
/// when there are too many bytes, as the kubelet rotates its files. Used on the pod's scheduler.
/// </summary>
/// <param name="most">Bytes kept.</param>
/// <param name="clock">The simulated clock.</param>
internal sealed class ContainerLog(long most, TimeProvider clock)
{
    private const int LongestLine = 16_384;
    private const int CostOfALine = 64;
    private readonly List<LogLine> lines = [];
    private readonly MemoryStream[] begun = [new(), new()];
    private int forgotten;
    private long first;
    private long held;
    private TaskCompletionSource? changed;

    /// <summary>Whether nothing more will come.</summary>
    public bool IsComplete { get; private set; }

    private int Count => lines.Count - forgotten;

    private long Next => first + Count;

    /// <summary>Takes what was written.</summary>
    public void Append(bool isError, ReadOnlySpan<byte> bytes)
    {
        var line = begun[isError ? 1 : 0];
        while (bytes.Length > 0)
        {
            var end = bytes.IndexOf((byte)'\n');
            var part = bytes[..(int)Math.Min(end < 0 ? bytes.Length : end + 1, LongestLine - line.Length)];
            line.Write(part);
            bytes = bytes[part.Length..];
            if (part[^1] == '\n' || line.Length >= LongestLine)
            {
                Cut(isError);
            }
        }
    }

    /// <summary>The container ended.</summary>
    public void Complete()
    {
        Cut(isError: false);
        Cut(isError: true);
        IsComplete = true;
        Changed();
    }

    /// <summary>Where reading begins.</summary>
    public LogSpan Begin(LogStart start)
    {
        var at = 0;
        while (start.Since is { } since && at < Count && Line(at).At < since)
        {
            at++;
        }

        return new LogSpan(first + (start.TailLines is { } tail && tail < Count - at ? Count - tail : at), Next);
    }

    /// <summary>The lines from a place on; what is gone by then is passed over.</summary>
    public LogPage Read(long from, int mostBytes)
    {
        List<LogLine> page = [];
        var at = Math.Max(from, first);
        for (var bytes = 0; at < Next; at++)
        {
            var line = Line((int)(at - first));
            if (page.Count > 0 && bytes + line.Bytes.Length > mostBytes)
            {
                break;
            }

            page.Add(line);
            bytes += line.Bytes.Length;
        }

        return new LogPage(page, at, IsComplete && at >= Next);
    }

    /// <summary>Completes when there is something from a place on, or nothing will come.</summary>
    public async Task WaitAsync(long from, CancellationToken cancellation)
    {
        while (Next <= from && !IsComplete)
        {
            changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await changed.Task.WaitAsync(cancellation);
        }
    }

    /// <summary>The last bytes of its last lines.</summary>
    public byte[] Tail(int mostBytes, int mostLines)
    {
        byte[] bytes = [.. lines.Skip(Math.Max(forgotten, lines.Count - mostLines)).SelectMany(line => line.Bytes.ToArray())];
        return bytes[Math.Max(0, bytes.Length - mostBytes)..];
    }

    private LogLine Line(int index) => lines[forgotten + index];

    private void Cut(bool isError)
    {
        var line = begun[isError ? 1 : 0];
        if (line.Length == 0)
        {
            return;
        }

        lines.Add(new LogLine(clock.GetUtcNow().UtcDateTime, isError, line.ToArray()));
        held += line.Length + CostOfALine;
        line.SetLength(0);
        while (held > most && Count > 0)
        {
            held -= Line(0).Bytes.Length + CostOfALine;
            lines[forgotten++] = default;
            first++;
        }

        // What is forgotten is cut off at once for many, so that a line costs the same however long the log is.
        if (forgotten > lines.Count / 2)
        {
            lines.RemoveRange(0, forgotten);
            forgotten = 0;
        }

        Changed();
    }

    private void Changed()
    {
        var waiting = changed;
        changed = null;
        waiting?.SetResult();
    }
}
