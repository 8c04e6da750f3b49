using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Sandboxes;

/// <summary>One life of a container: from its start until its first process ends, which ends all others. Used on the pod's scheduler.</summary>
internal sealed class ContainerInstance
{
    /// <summary>What a pipe takes in one piece (PIPE_BUF).</summary>
    internal const int AtomicBytes = 4096;

    private const int TerminalChunk = 8192;

    private readonly CancellationTokenSource ending = new();
    private readonly TimeProvider wall;
    private readonly ContainerOutput output;
    private readonly IOpenFile? stdin;
    private readonly Terminal? terminal;
    private bool stdinEnded;

    public ContainerInstance(ContainerSetup setup, int restarts, Container container, ProcessTable table, PodSetup pod)
    {
        (Setup, Restarts, Container, Table, wall) = (setup, restarts, container, table, pod.Wall);
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

    /// <summary>Its first process has ended: nothing is begun in it any more.</summary>
    public bool IsEnding => ending.IsCancellationRequested;

    /// <summary>Cancelled when its first process has ended.</summary>
    public CancellationToken Ending => ending.Token;

    /// <summary>How it ended; null while it runs.</summary>
    public ContainerEnd? End { get; private set; }

    /// <summary>Completes when it has ended and whoever wanted to know knows it.</summary>
    public Task Gone { get; set; } = Task.CompletedTask;

    /// <summary>Runs the first process to its end, and takes everything else of the container with it.</summary>
    public async Task<ContainerEnd> RunAsync()
    {
        string? problem = null;
        var shown = terminal is null ? Task.CompletedTask : ShowAsync(terminal);
        var status = await EndOfAsync(Table.RunAsync(First, async process =>
        {
            await MakeWorkingDirectoryAsync();
            problem = await ProgramStart.PrepareAsync(process, Setup.Arguments);
            return problem is null ? 0 : ProgramStart.FailedExitCode;
        }));
        await ending.CancelAsync();
        output.Release();
        foreach (var process in Table.Running.ToList())
        {
            process.Send(Signals.Kill);
        }

        try
        {
            // A container is over when nothing of it can touch a file any more.
            await Task.WhenAll(Table.EmptyAsync(), shown).WaitAsync(PodSandbox.EndPatience, wall);
        }
        catch (TimeoutException)
        {
            // What hangs on is left behind.
        }

        output.End();
        var neverStarted = problem is not null;
        var message = neverStarted
            ? $"failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: {problem}: unknown"
            : await LastWords.ReadAsync(Container.Files, Setup, Log, status);
        return End = new ContainerEnd(Setup.Name, Restarts, status, message) { NeverStarted = neverStarted };
    }

    /// <summary>Somebody takes part in its output.</summary>
    /// <exception cref="FileException">EAGAIN: too many do.</exception>
    public OutputQueue Attach()
    {
        if (output.Attached >= Container.Limits.Attached)
        {
            throw new FileException(Errno.EAGAIN);
        }

        var queue = new OutputQueue(Container.Limits.PipeBytes);
        output.Attach(queue);
        return queue;
    }

    /// <summary>Somebody who took part went.</summary>
    public void Detach(OutputQueue queue) => output.Detach(queue);

    /// <summary>How many bytes are typed together or not at all.</summary>
    public int TypedAtOnce => terminal is null ? AtomicBytes : 1;

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
        await using var registration = First.Killed.Register(killed.SetResult);
        await Task.WhenAny(run, killed.Task);
        try
        {
            return await run.WaitAsync(PodSandbox.EndPatience, wall);
        }
        catch (TimeoutException)
        {
            return 128 + First.Signal;
        }
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

    // Made by the runtime where the image does not have it.
    private async ValueTask MakeWorkingDirectoryAsync()
    {
        var root = new Caller("/", Credentials.Root, 0x12);
        var path = "";
        try
        {
            foreach (var name in Setup.WorkingDirectory.Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                path += "/" + name;
                if (!await Container.Files.AccessAsync(root, path, AccessMode.Exists))
                {
                    await Container.Files.MakeDirectoryAsync(root, path);
                }
            }
        }
        catch (FileException)
        {
            // The start says what is wrong with it.
        }
    }
}
