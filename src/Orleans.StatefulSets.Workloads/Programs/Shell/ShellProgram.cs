using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs.Shell.Builtins;
using Orleans.StatefulSets.Workloads.Programs.Shell.Interaction;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Shell;

/// <summary>The shell: POSIX's language as busybox's ash has it.</summary>
public sealed class ShellProgram : IProgram
{
    private ShellProgram()
    {
    }

    /// <summary>The program; it holds nothing.</summary>
    public static ShellProgram Instance { get; } = new();

    /// <inheritdoc/>
    public IReadOnlyList<string> Names { get; } = ["sh", "ash"];

    /// <inheritdoc/>
    public async ValueTask<int> RunAsync(Process process)
    {
        if (await CommandLine.ReadAsync(process) is not { } line)
        {
            return 2;
        }

        var shell = Interpreter.New(process, line.Name, line.Options);
        Startup.Fill(shell);
        shell.Parameters = line.Parameters;
        SetBuiltin.Apply(shell);
        if (line.Command is { } text)
        {
            return await shell.RunToEndAsync(() => shell.RunTextAsync(text, 0, Mode.Last));
        }

        if (line.Script is { } script)
        {
            return await RunScriptAsync(shell, script);
        }

        if (shell.IsInteractive)
        {
            shell.Traps.IsInteractive = true;
        }

        return await shell.RunToEndAsync(() => new InputRunner(shell).RunAsync());
    }

    private static async ValueTask<int> RunScriptAsync(Interpreter shell, string script)
    {
        var process = shell.Process;
        shell.Script = script;
        byte[] text;
        try
        {
            text = await process.Container.Files.ReadAllAsync(process.Caller, script, Flow.MostScriptBytes);
        }
        catch (FileException failure)
        {
            var reason = failure.Code == Errno.ENOENT ? "No such file or directory" : failure.Message;
            await process.ComplainAsync($"sh: can't open '{script}': {reason}\n");
            return 2;
        }

        return await shell.RunToEndAsync(() => shell.RunTextAsync(ByteText.FromBytes(text), 1, Mode.Last));
    }
}
