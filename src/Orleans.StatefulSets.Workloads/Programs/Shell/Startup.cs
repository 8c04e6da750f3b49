using System.Globalization;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs.Shell.Syntax;

namespace Orleans.StatefulSets.Workloads.Programs.Shell;

/// <summary>The variables that a shell begins with.</summary>
internal static class Startup
{
    /// <summary>Takes the environment, and adds what the shell itself sets.</summary>
    public static void Fill(Interpreter shell)
    {
        var (process, variables) = (shell.Process, shell.Variables);
        foreach (var (name, value) in process.Environment.Where(pair => Names.IsName(pair.Key)))
        {
            variables.Set(name, value, isExported: true);
        }

        variables.Set("IFS", " \t\n", isExported: false);
        variables.Set("OPTIND", "1", isExported: false);
        variables.Set("PPID", process.ParentId.ToString(CultureInfo.InvariantCulture));
        variables.Set("LINENO", "", isExported: false);
        variables.Set("FUNCNAME", "", isExported: false);
        variables.Set("RANDOM", "", isExported: false);
        variables.Set("HOSTNAME", variables.Get("HOSTNAME") ?? process.Container.HostName);
        variables.Set("PATH", variables.Get("PATH") ?? Execution.DefaultPath);
        variables.Set("PS1", variables.Get("PS1") ?? "\\w \\$ ");
        variables.Set("PS2", variables.Get("PS2") ?? "> ");
        variables.Set("PS4", variables.Get("PS4") ?? "+ ");
        variables.Set("PWD", process.WorkingDirectory, isExported: true);
        var level = int.TryParse(variables.Get("SHLVL"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var outer) ? outer : 0;
        variables.Set("SHLVL", (level + 1).ToString(CultureInfo.InvariantCulture), isExported: true);
    }
}
