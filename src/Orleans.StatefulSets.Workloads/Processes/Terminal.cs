using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Processes;

/// <summary>
/// A pseudo-terminal (<c>pty(7)</c>): on one side whoever shows it and types, on the other the processes that have it open. Lines are
/// edited as Linux's line discipline does: erase, ^U, ^W, ^D; ^C and ^\ go to the foreground process group as signals.
/// </summary>
/// <param name="processes">Whom its signals reach.</param>
public sealed class Terminal(ProcessTable processes)
{
    private const int MostOutput = 65_536;
    private const int MostInput = 4096;
    private const int SpareForEcho = 4096;
    private readonly LineDiscipline line = new();
    private readonly Queue<byte[]> input = [];
    private readonly MemoryStream output = new();
    private int firstRead;
    private int inputBytes;
    private bool isClosed;
    private bool isHungUp;
    private TaskCompletionSource? changed;

    /// <summary>What it does with keys and output.</summary>
    public TerminalModes Modes { get; set; } = new();

    /// <summary>The process group that the keyboard's signals reach; 0 for none.</summary>
    public int ForegroundGroup { get; set; }

    /// <summary>Its width.</summary>
    public int Columns { get; private set; } = 80;

    /// <summary>Its height.</summary>
    public int Rows { get; private set; } = 24;

    /// <summary>A descriptor's worth of it; when all are closed, output ends.</summary>
    public TerminalFile Open() => new(this);

    /// <summary>Somebody types. Keys that make signals count at once; in canonical mode what exceeds 4,096 bytes is lost, otherwise waits.</summary>
    public async ValueTask TypeAsync(ReadOnlyMemory<byte> keys, CancellationToken cancellation)
    {
        for (var i = 0; i < keys.Length && !isHungUp; i++)
        {
            while (!Modes.IsCanonical && inputBytes >= MostInput && !isHungUp && !isClosed)
            {
                await ChangeAsync(cancellation);
            }

            Type(keys.Span[i]);
        }

        Changed();
    }

    /// <summary>What is to be shown, waiting for it; 0 when no process has the terminal open any more.</summary>
    public async ValueTask<int> ReadOutputAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        while (output.Length == 0)
        {
            if (isClosed || isHungUp)
            {
                return 0;
            }

            await ChangeAsync(cancellation);
        }

        var held = output.GetBuffer().AsSpan(0, (int)output.Length);
        var count = Math.Min(held.Length, buffer.Length);
        held[..count].CopyTo(buffer.Span);
        held[count..].CopyTo(held);
        output.SetLength(held.Length - count);
        Changed();
        return count;
    }

    /// <summary>The window has another size; the foreground hears WINCH.</summary>
    public void Resize(int columns, int rows)
    {
        (Columns, Rows) = (columns, rows);
        processes.SendToGroup(ForegroundGroup, Signals.WindowChange);
    }

    /// <summary>Whoever shows it went away: reads end, writes fail, the foreground hears HUP.</summary>
    public void HangUp()
    {
        isHungUp = true;
        processes.SendToGroup(ForegroundGroup, Signals.Hangup);
        Changed();
    }

    internal async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        while (input.Count == 0)
        {
            if (isHungUp || buffer.Length == 0)
            {
                return 0;
            }

            await ChangeAsync(cancellation);
        }

        var piece = input.Peek();
        var count = Math.Min(piece.Length - firstRead, buffer.Length);
        piece.AsSpan(firstRead, count).CopyTo(buffer.Span);
        firstRead += count;
        inputBytes -= count;
        if (firstRead >= piece.Length)
        {
            input.Dequeue();
            firstRead = 0;
        }

        Changed();
        return count;
    }

    internal async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        while (bytes.Length > 0)
        {
            while (output.Length >= MostOutput && !isHungUp)
            {
                await ChangeAsync(cancellation);
            }

            if (isHungUp)
            {
                throw new FileException(Errno.EIO);
            }

            var count = (int)Math.Min(bytes.Length, MostOutput - output.Length);
            foreach (var b in bytes.Span[..count])
            {
                if (b == '\n' && Modes.AddsReturns)
                {
                    output.WriteByte((byte)'\r');
                }

                output.WriteByte(b);
            }

            bytes = bytes[count..];
            Changed();
        }
    }

    internal void Close()
    {
        isClosed = true;
        Changed();
    }

    private void Type(byte key)
    {
        if (Modes.HasSignals && key is 3 or 28)
        {
            Echo(key == 3 ? "^C" : "^\\");
            line.Clear();
            input.Clear();
            (firstRead, inputBytes) = (0, 0);
            processes.SendToGroup(ForegroundGroup, key == 3 ? Signals.Interrupt : Signals.Quit);
            return;
        }

        if (Modes.HasSignals && Modes.IsCanonical && key == 26)
        {
            // Nothing can be stopped here.
            return;
        }

        key = key == '\r' && Modes.TakesReturns ? (byte)'\n' : key;
        if (!Modes.IsCanonical)
        {
            Give([key]);
            EchoKeys(key);
            return;
        }

        if (inputBytes + line.Length >= MostInput && key != '\n')
        {
            return;
        }

        var (echo, whole) = line.Type(key);
        Echo(echo);
        if (whole is not null)
        {
            Give(whole);
        }
    }

    private void Give(byte[] piece)
    {
        input.Enqueue(piece);
        inputBytes += piece.Length;
    }

    private void EchoKeys(byte key) => Echo(LineDiscipline.Shown(key));

    private void Echo(string text)
    {
        // Keys never wait for whoever should look at the screen.
        if (!Modes.IsEchoing || output.Length + text.Length > MostOutput + SpareForEcho)
        {
            return;
        }

        foreach (var c in text)
        {
            if (c == '\n' && Modes.AddsReturns)
            {
                output.WriteByte((byte)'\r');
            }

            output.WriteByte((byte)c);
        }
    }

    private Task ChangeAsync(CancellationToken cancellation)
    {
        changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return changed.Task.WaitAsync(cancellation);
    }

    private void Changed()
    {
        var waiting = changed;
        changed = null;
        waiting?.SetResult();
    }
}
