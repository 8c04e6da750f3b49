using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs.Shell.Standalone;

namespace Orleans.StatefulSets.Workloads.Programs.Shell;

/// <summary>The shell, and those of its builtins that are programs, too.</summary>
public static class ShellPrograms
{
    /// <summary>All of them: sh, ash, echo, printf, test, [, [[, true, false, kill.</summary>
    public static IReadOnlyList<IProgram> All { get; } =
    [
        ShellProgram.Instance,
        new Program(["echo"], process => Echo.RunAsync(process, process.Arguments)),
        new Program(["printf"], process => Printf.RunAsync(process, "printf", process.Arguments)),
        new Program(["test", "[", "[["], process => TestCommand.RunAsync(process, Name(process), process.Arguments)),
        new Program(["true"], _ => new(0)),
        new Program(["false"], _ => new(1)),
        new Program(["kill"], process => Kill.RunAsync(process, "kill", process.Arguments)),
    ];

    private static string Name(Process process) => process.Arguments[0][(process.Arguments[0].LastIndexOf('/') + 1)..];

    private sealed class Program(string[] names, Func<Process, ValueTask<int>> run) : IProgram
    {
        public IReadOnlyList<string> Names => names;

        public ValueTask<int> RunAsync(Process process) => run(process);
    }
}
