using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Sandboxes;

/// <summary>What is to be run in a running container.</summary>
public sealed record ExecSetup
{
    /// <summary>The program and its arguments; byte strings.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Its input comes from whoever started it; else it is empty.</summary>
    public bool Stdin { get; init; }

    /// <summary>It runs in a terminal.</summary>
    public bool Tty { get; init; }
}

/// <summary>A process that somebody runs in a container.</summary>
internal sealed class ExecutedProcess : PodProcess
{
    private const int OutputBytes = 65_536;
    private const int TerminalChunk = 8192;

    private readonly Terminal? terminal;
    private readonly IOpenFile? stdin;
    private readonly Task<int> end;
    private readonly Task shown;
    private string? failure;
    private bool stdinEnded;

    private ExecutedProcess(PodSandbox sandbox, ContainerInstance instance, ExecSetup exec, OutputQueue output)
        : base(sandbox, output)
    {
        var files = new Descriptors(instance.Container.Limits.OpenFiles) { Layer = new LayerNote() };
        shown = Task.CompletedTask;
        if (exec.Tty)
        {
            terminal = new Terminal(instance.Table);
            var file = terminal.Open();
            files.Add(file);
            file.Share();
            files.Add(file);
            file.Share();
            files.Add(file);
            output.Enter();
            shown = ShowAsync(terminal, output);
        }
        else
        {
            (var input, stdin) = exec.Stdin ? Pipe.Open(instance.Container.Limits.PipeBytes) : (new NullFile(), null);
            files.Add(input);
            files.Add(output.Open(isError: false));
            files.Add(output.Open(isError: true));
        }

        var process = Born(instance, exec, files);
        process.WorkingDirectory = instance.Setup.WorkingDirectory;
        if (terminal is not null)
        {
            terminal.ForegroundGroup = process.Group;
        }

        end = RunAsync(sandbox, instance, process, exec);
    }

    public override int? ExitCode => end.IsCompletedSuccessfully ? end.Result : null;

    public override string? Failure => failure;

    private protected override int TypedAtOnce => terminal is null ? ContainerInstance.AtomicBytes : 1;

    /// <summary>Begins it, on the pod's scheduler.</summary>
    /// <exception cref="FileException">EAGAIN: the pod has too many processes.</exception>
    public static ExecutedProcess Begin(PodSandbox sandbox, ContainerInstance instance, ExecSetup exec) =>
        new(sandbox, instance, exec, new OutputQueue(OutputBytes));

    private static Process Born(ContainerInstance instance, ExecSetup exec, Descriptors files)
    {
        var environment = new Dictionary<string, string>(instance.Setup.Environment, StringComparer.Ordinal);
        if (exec.Tty)
        {
            environment.TryAdd("TERM", "xterm");
        }

        return instance.Table.New(instance.Container, instance.Setup.User, files, environment);
    }

    private async Task<int> RunAsync(PodSandbox sandbox, ContainerInstance instance, Process process, ExecSetup exec)
    {
        var status = await instance.Table.RunAsync(process, started => PrepareAsync(started, exec));
        try
        {
            if (process.Files.Layer!.IsChanged)
            {
                await sandbox.LayerChangedAsync(instance);
            }

            return status;
        }
        catch (FileException lost)
        {
            failure = $"the container's layer could not be kept: {lost.Message}";
            return status;
        }
    }

    private async ValueTask<int> PrepareAsync(Process process, ExecSetup exec)
    {
        // Whoever asked gets his hands on it before anything of it happens.
        await Task.Yield();
        if (await ProgramStart.PrepareAsync(process, exec.Arguments) is not { } problem)
        {
            return 0;
        }

        failure = $"failed to exec in container: failed to start exec: OCI runtime exec failed: exec failed: unable to start container process: {problem}: unknown";
        return ProgramStart.FailedExitCode;
    }

    private static async Task ShowAsync(Terminal shown, OutputQueue output)
    {
        var buffer = new byte[TerminalChunk];
        try
        {
            int count;
            while ((count = await shown.ReadOutputAsync(buffer, CancellationToken.None)) > 0)
            {
                await output.WriteAsync(isError: false, buffer.AsMemory(0, count), CancellationToken.None);
            }
        }
        catch (FileException)
        {
            // Nobody looks any more.
        }
        finally
        {
            output.Leave();
        }
    }

    private protected override async ValueTask TypeAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            await (terminal?.TypeAsync(bytes, cancellation) ?? (stdin is null || stdinEnded ? default : stdin.WriteAsync(bytes, cancellation)));
        }
        catch (FileException)
        {
            // It reads no more: what is typed is lost, as into a pipe that a runtime keeps.
        }
    }

    private protected override async ValueTask EndTypingAsync()
    {
        if (stdin is not null && !stdinEnded)
        {
            stdinEnded = true;
            await stdin.CloseAsync();
        }
    }

    private protected override void Resize(int columns, int rows) => terminal?.Resize(columns, rows);

    private protected override ValueTask LeaveAsync()
    {
        terminal?.HangUp();
        return EndTypingAsync();
    }

    private protected override async Task EndedAsync(CancellationToken cancellation)
    {
        await end.WaitAsync(cancellation);
        await shown.WaitAsync(cancellation);
    }
}
