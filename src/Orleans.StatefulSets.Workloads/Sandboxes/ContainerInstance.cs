using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Sandboxes;

/// <summary>One life of a container: from its start until its first process ends, which ends all others. Used on the pod's scheduler.</summary>
internal sealed class ContainerInstance
{
    private const int MessageBytes = 4096;
    private const int FallbackBytes = 2048;
    private const int TerminalChunk = 8192;
    private static readonly TimeSpan KilledPatience = TimeSpan.FromSeconds(2);

    private readonly TimeProvider wall;
    private readonly ContainerOutput output;
    private readonly IOpenFile? stdin;
    private readonly Terminal? terminal;
    private bool stdinEnded;

    public ContainerInstance(ContainerSetup setup, int restarts, Container container, ProcessTable table, PodSetup pod)
    {
        (Setup, Restarts, Container, Table) = (setup, restarts, container, table);
        wall = pod.Wall;
        Log = new ContainerLog(pod.Limits.LogBytes, pod.Clock);
        output = new ContainerOutput(Log);
        var files = new Descriptors(pod.Limits.OpenFiles);
        if (setup.Tty)
        {
            terminal = new Terminal(table);
            var file = terminal.Open();
            files.Add(file);
            file.Share();
            files.Add(file);
            file.Share();
            files.Add(file);
        }
        else
        {
            (var input, stdin) = setup.Stdin ? Pipe.Open(pod.Limits.PipeBytes) : (new NullFile(), null);
            files.Add(input);
            files.Add(output.Open(isError: false));
            files.Add(output.Open(isError: true));
        }

        First = table.New(container, setup.User, files, setup.Environment);
        First.WorkingDirectory = setup.WorkingDirectory;
        First.Substitute = setup.Image.IsStandIn ? setup.Image.Entrypoint[0] : null;
        if (terminal is not null)
        {
            terminal.ForegroundGroup = First.Group;
        }
    }

    public ContainerSetup Setup { get; }

    public int Restarts { get; }

    public Container Container { get; }

    public ProcessTable Table { get; }

    public ContainerLog Log { get; }

    /// <summary>The container's first process.</summary>
    public Process First { get; }

    /// <summary>How it ended; null while it runs.</summary>
    public ContainerEnd? End { get; private set; }

    /// <summary>Runs the first process to its end, and takes everything else of the container with it.</summary>
    public async Task<ContainerEnd> RunAsync()
    {
        string? problem = null;
        var shown = terminal is null ? Task.CompletedTask : ShowAsync(terminal);
        var status = await EndOfAsync(Table.RunAsync(First, async process =>
        {
            problem = await ProgramStart.PrepareAsync(process, Setup.Arguments);
            return problem is null ? 0 : ProgramStart.FailedExitCode;
        }));
        foreach (var process in Table.Running.ToList())
        {
            process.Send(Signals.Kill);
        }

        await shown;
        output.End();
        var neverStarted = problem is not null;
        var message = neverStarted
            ? $"failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: {problem}: unknown"
            : await LastWordsAsync(status);
        return End = new ContainerEnd(Setup.Name, Restarts, status, message) { NeverStarted = neverStarted };
    }

    /// <summary>Somebody takes part in its output.</summary>
    public void Attach(OutputQueue queue) => output.Attach(queue);

    /// <summary>Somebody who is attached types.</summary>
    public ValueTask TypeAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
        terminal?.TypeAsync(bytes, cancellation) ?? (stdin is null || stdinEnded ? default : stdin.WriteAsync(bytes, cancellation));

    /// <summary>Somebody who was attached types no more.</summary>
    public async ValueTask EndInputAsync()
    {
        if (Setup.StdinOnce && stdin is not null && !stdinEnded)
        {
            stdinEnded = true;
            await stdin.CloseAsync();
        }
    }

    public void Resize(int columns, int rows) => terminal?.Resize(columns, rows);

    // A program that was killed may still wait for files that live elsewhere: the container does not wait for it.
    private async Task<int> EndOfAsync(Task<int> run)
    {
        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = First.Killed.Register(() => killed.TrySetResult());
        await Task.WhenAny(run, killed.Task);
        if (!run.IsCompleted)
        {
            await Task.WhenAny(run, Task.Delay(KilledPatience, wall));
        }

        return run.IsCompleted ? await run : 128 + First.Signal;
    }

    private async Task ShowAsync(Terminal shown)
    {
        var buffer = new byte[TerminalChunk];
        int count;
        while ((count = await shown.ReadOutputAsync(buffer, CancellationToken.None)) > 0)
        {
            await output.WriteAsync(isError: false, buffer.AsMemory(0, count), CancellationToken.None);
        }
    }

    private async ValueTask<string?> LastWordsAsync(int status)
    {
        var root = new Caller("/", Credentials.Root, 0);
        try
        {
            var words = await Container.Files.ReadAllAsync(root, Setup.TerminationMessagePath, MessageBytes * 4);
            if (words.Length > 0)
            {
                return ByteText.ToText(ByteText.FromBytes(words.AsSpan(0, Math.Min(words.Length, MessageBytes))));
            }
        }
        catch (FileException)
        {
            // It said nothing.
        }

        return status != 0 && Setup.FallsBackToLogs && Log.Tail(FallbackBytes) is { Length: > 0 } tail ? ByteText.ToText(ByteText.FromBytes(tail)) : null;
    }
}
