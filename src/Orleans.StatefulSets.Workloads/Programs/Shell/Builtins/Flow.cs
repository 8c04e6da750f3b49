using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Shell.Builtins;

/// <summary>The builtins that say what runs next.</summary>
internal static class Flow
{
    // A script that is sourced or run is held in memory as a whole.
    public const int MostScriptBytes = 8 << 20;

    public static ValueTask<int> LeaveLoop(BuiltinCall call, Skip skip)
    {
        var count = call.Arguments.Count > 1 ? call.Number(call.Arguments[1]) : 1;
        if (count == 0)
        {
            throw call.Error($"Illegal number: {call.Arguments[1]}");
        }

        if (call.Shell.Loops > 0)
        {
            call.Shell.Skip = skip;
            call.Shell.SkipCount = Math.Min(count, call.Shell.Loops);
        }

        return new(0);
    }

    public static ValueTask<int> Return(BuiltinCall call)
    {
        var status = call.Arguments.Count > 1 ? call.Number(call.Arguments[1]) & 0xFF : call.Shell.Status;
        call.Shell.Skip = Skip.Return;
        return new(status);
    }

    public static ValueTask<int> Exit(BuiltinCall call) =>
        throw new ShellExit(call.Arguments.Count > 1 ? call.Number(call.Arguments[1]) & 0xFF : call.Shell.Status);

    public static async ValueTask<int> EvaluateAsync(BuiltinCall call)
    {
        call.Shell.Descend();
        try
        {
            return await call.Shell.RunTextAsync(string.Join(' ', call.Arguments.Skip(1)), call.Shell.Line, call.Mode & Mode.Tested);
        }
        finally
        {
            call.Shell.Depth--;
        }
    }

    public static async ValueTask<int> SourceAsync(BuiltinCall call)
    {
        if (call.Arguments.Count < 2)
        {
            return 2;
        }

        var shell = call.Shell;
        var name = call.Arguments[1];
        var text = await ReadScriptAsync(shell, name) ?? throw call.Error($"{name}: not found");
        shell.Descend();
        var (script, parameters, line) = (shell.Script, shell.Parameters, shell.Line);
        shell.Script = name;
        shell.Parameters = call.Arguments.Count > 2 ? [.. call.Arguments.Skip(2)] : parameters;
        try
        {
            var status = await shell.RunTextAsync(text, 1, call.Mode & Mode.Tested);
            if (shell.Skip == Skip.Return)
            {
                shell.Skip = Skip.None;
            }

            return status;
        }
        finally
        {
            shell.Depth--;
            shell.Script = script;
            shell.Parameters = call.Arguments.Count > 2 ? parameters : shell.Parameters;
            shell.Line = line;
        }
    }

    public static async ValueTask<int> ExecuteAsync(BuiltinCall call)
    {
        if (call.Arguments.Count < 2)
        {
            return 0;
        }

        var shell = call.Shell;
        var name = call.Arguments[1];
        var path = await Execution.FindInPathAsync(shell.Process, name, shell.Variables.Get("PATH") ?? Execution.DefaultPath);
        if (path is null)
        {
            await call.ComplainAsync($"{name}: not found");
            throw new ShellExit(127);
        }

        var environment = shell.Variables.Exported().ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        throw new ShellExit(await shell.Simples.ExecuteAsync(shell.Process, path, call.Operands, environment), isReplaced: true);
    }

    public static ValueTask<int> Shift(BuiltinCall call)
    {
        var count = call.Arguments.Count > 1 ? call.Number(call.Arguments[1]) : 1;
        if (count > call.Shell.Parameters.Count)
        {
            return new(1);
        }

        call.Shell.Parameters = [.. call.Shell.Parameters.Skip(count)];
        return new(0);
    }

    /// <summary>A script's text: a path, or a name along PATH; null where it can't be read.</summary>
    private static async ValueTask<string?> ReadScriptAsync(Interpreter shell, string name)
    {
        var directories = name.Contains('/') ? [""] : (shell.Variables.Get("PATH") ?? Execution.DefaultPath).Split(':').Select(directory => directory + "/").Append("");
        foreach (var directory in directories)
        {
            try
            {
                return ByteText.FromBytes(await shell.Process.Container.Files.ReadAllAsync(shell.Process.Caller, directory + name, MostScriptBytes));
            }
            catch (FileException)
            {
                // The next directory may have it.
            }
        }

        return null;
    }
}
