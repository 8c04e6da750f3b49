using Orleans.StatefulSets.Workloads.Programs.Shell.Standalone;

namespace Orleans.StatefulSets.Workloads.Programs.Shell.Builtins;

/// <summary>The builtins by name.</summary>
internal static class BuiltinTable
{
    private static readonly Dictionary<string, Builtin> ByName = new Builtin[]
    {
        new(":", true, _ => new(0)),
        new("true", false, _ => new(0)),
        new("false", false, _ => new(1)),
        new("break", true, call => Flow.LeaveLoop(call, Skip.Break)),
        new("continue", true, call => Flow.LeaveLoop(call, Skip.Continue)),
        new("return", true, Flow.Return),
        new("exit", true, Flow.Exit),
        new("eval", true, Flow.EvaluateAsync),
        new(".", true, Flow.SourceAsync),
        new("source", true, Flow.SourceAsync),
        new("exec", true, Flow.ExecuteAsync),
        new("shift", true, Flow.Shift),
        new("set", true, SetBuiltin.RunAsync),
        new("export", true, Declarations.ExportAsync),
        new("readonly", true, Declarations.ProtectAsync),
        new("unset", true, Declarations.Unset),
        new("local", true, Declarations.Hide),
        new("let", false, Declarations.Calculate),
        new("getopts", false, GetOptions.RunAsync),
        new("read", false, ReadBuiltin.RunAsync),
        new("cd", false, Directories.ChangeAsync),
        new("chdir", false, Directories.ChangeAsync),
        new("pwd", false, Directories.PrintAsync),
        new("trap", true, JobControl.TrapAsync),
        new("wait", false, JobControl.WaitAsync),
        new("jobs", false, JobControl.ListAsync),
        new("fg", false, JobControl.ForegroundAsync),
        new("bg", false, JobControl.BackgroundAsync),
        new("kill", false, JobControl.KillAsync),
        new("times", true, call => Report(call, "0m0.000s 0m0.000s\n0m0.000s 0m0.000s\n")),
        new("umask", false, ProcessSettings.MaskAsync),
        new("ulimit", false, ProcessSettings.LimitAsync),
        new("type", false, Lookup.DescribeAsync),
        new("command", false, Lookup.CommandAsync),
        new("hash", false, Lookup.Hash),
        new("alias", false, Lookup.AliasAsync),
        new("unalias", false, Lookup.UnaliasAsync),
        new("help", false, Lookup.HelpAsync),
        new("history", false, _ => new(0)),
        new("echo", false, call => Echo.RunAsync(call.Shell.Process, call.Arguments)),
        new("printf", false, call => Printf.RunAsync(call.Shell.Process, call.Shell.Name, call.Arguments)),
        new("test", false, call => TestCommand.RunAsync(call.Shell.Process, call.Shell.Name, call.Arguments)),
        new("[", false, call => TestCommand.RunAsync(call.Shell.Process, call.Shell.Name, call.Arguments)),
        new("[[", false, call => TestCommand.RunAsync(call.Shell.Process, call.Shell.Name, call.Arguments)),
    }.ToDictionary(builtin => builtin.Name, StringComparer.Ordinal);

    /// <summary>All names, in ordinal order.</summary>
    public static IEnumerable<string> Names => ByName.Keys.Order(StringComparer.Ordinal);

    /// <summary>The builtin of a name, or null.</summary>
    public static Builtin? Find(string name) => ByName.GetValueOrDefault(name);

    private static async ValueTask<int> Report(BuiltinCall call, string text)
    {
        await call.PrintAsync(text);
        return 0;
    }
}
