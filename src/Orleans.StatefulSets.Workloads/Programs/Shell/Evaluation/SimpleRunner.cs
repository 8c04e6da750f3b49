using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs.Shell.Builtins;
using Orleans.StatefulSets.Workloads.Programs.Shell.Syntax;

namespace Orleans.StatefulSets.Workloads.Programs.Shell;

/// <summary>Runs simple commands: assignments, functions, builtins and programs.</summary>
internal sealed class SimpleRunner(Interpreter shell)
{
    /// <summary>Runs one.</summary>
    public async ValueTask<int> RunAsync(SimpleCommand command, Mode mode)
    {
        shell.Line = command.Line;
        shell.SubstitutionStatus = null;
        var arguments = await ExpandWordsAsync(command);
        var saved = new Redirector.Saved();
        var builtin = arguments.Count == 0 || shell.Functions.ContainsKey(arguments[0]) ? null : BuiltinTable.Find(arguments[0]);
        try
        {
            if (command.Redirections.Count > 0)
            {
                await shell.Redirector.ApplyAsync(command.Redirections, saved);
            }
        }
        catch (ShellError error) when (builtin is not { IsSpecial: true } && error.Status == 1)
        {
            await shell.Redirector.UndoAsync(saved);
            await shell.ComplainAsync(error.Message);
            return shell.Check(1, mode);
        }
        catch (ShellError)
        {
            await shell.Redirector.UndoAsync(saved);
            throw;
        }

        if (arguments is ["exec", ..])
        {
            // What exec redirects stays so.
            await Redirector.ForgetAsync(saved);
        }

        try
        {
            return await RunExpandedAsync(command, arguments, builtin, mode);
        }
        finally
        {
            if (saved.Count > 0)
            {
                await shell.Redirector.UndoAsync(saved);
            }
        }
    }

    /// <summary>Becomes a program: replaces the environment, and runs the file or, where it is text without an interpreter, a shell on it.</summary>
    /// <param name="process">The shell's own process, where the shell gives its place up to the program and must return at once, or a child's.</param>
    /// <param name="path">The file.</param>
    /// <param name="arguments">Its name and arguments.</param>
    /// <param name="environment">Its environment.</param>
    /// <returns>The program's status, of a child's; 127 or 126 where there is none.</returns>
    public async ValueTask<int> ExecuteAsync(Process process, string path, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        process.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            process.Environment[name] = value;
        }

        try
        {
            if (process != shell.Process)
            {
                return await Execution.ExecuteAsync(process, path, arguments);
            }

            await Execution.ReplaceAsync(process, path, arguments);
            return 0;
        }
        catch (FileException failure) when (failure.Code == Errno.ENOEXEC)
        {
            return await BecomeShellAsync(process, ["sh", path, .. arguments.Skip(1)]);
        }
        catch (FileException failure) when (failure.Code is Errno.ENOENT or Errno.ENOTDIR or Errno.EACCES or Errno.ELOOP or Errno.ENAMETOOLONG)
        {
            await shell.ComplainAsync($"{arguments[0]}: {(failure.Code == Errno.ENOENT ? "not found" : failure.Message)}", to: process);
            return failure.Code == Errno.EACCES ? 126 : 127;
        }
    }

    private async ValueTask<int> BecomeShellAsync(Process process, IReadOnlyList<string> arguments)
    {
        process.SignalHandler = null;
        process.Arguments = arguments;
        if (process != shell.Process)
        {
            return await ShellProgram.Instance.RunAsync(process);
        }

        process.Successor = () => ShellProgram.Instance.RunAsync(process);
        return 0;
    }

    /// <summary>Runs words that are expanded already, without functions where told so.</summary>
    public async ValueTask<int> RunWordsAsync(IReadOnlyList<string> arguments, bool withFunctions, Mode mode, string? path = null)
    {
        if (withFunctions && shell.Functions.TryGetValue(arguments[0], out var function))
        {
            return await CallAsync(function, arguments, mode);
        }

        return BuiltinTable.Find(arguments[0]) is { } builtin
            ? await RunBuiltinAsync(builtin, arguments, mode)
            : await RunProgramAsync(arguments, mode, path);
    }

    private async ValueTask<List<string>> ExpandWordsAsync(SimpleCommand command)
    {
        // What export and its kin declare is not split, as an assignment's value is not.
        if (command.Words is not [{ Bare: "export" or "readonly" or "local" or "alias" }, ..])
        {
            return await shell.Expander.FieldsAsync(command.Words);
        }

        var arguments = new List<string>();
        foreach (var word in command.Words)
        {
            if (AssignmentReader.Read(word) is { } assignment)
            {
                arguments.Add(assignment.Name + "=" + await shell.Expander.TextAsync(assignment.Value, isAssignment: true));
            }
            else
            {
                arguments.AddRange(await shell.Expander.FieldsAsync([word]));
            }
        }

        return arguments;
    }

    private async ValueTask<int> RunExpandedAsync(SimpleCommand command, List<string> arguments, Builtin? builtin, Mode mode)
    {
        var isLasting = arguments.Count == 0 || builtin is { IsSpecial: true };
        if (isLasting || command.Assignments.Count == 0)
        {
            await AssignAsync(command.Assignments, arguments, isExported: false);
            return arguments.Count == 0
                ? shell.Check(shell.SubstitutionStatus ?? 0, mode)
                : shell.Check(await RunWordsAsync(arguments, true, mode), IsControl(arguments[0]) ? Mode.Tested : mode);
        }

        // Assignments before a command last as long as it does.
        shell.Variables.Enter();
        try
        {
            foreach (var assignment in command.Assignments)
            {
                shell.Variables.Hide(assignment.Name);
            }

            await AssignAsync(command.Assignments, arguments, isExported: true);
            return shell.Check(await RunWordsAsync(arguments, true, mode & ~Mode.Last), mode);
        }
        finally
        {
            shell.Variables.Leave();
        }
    }

    private static bool IsControl(string name) => name is "return" or "break" or "continue";

    private async ValueTask AssignAsync(IReadOnlyList<Assignment> assignments, List<string> arguments, bool isExported)
    {
        var trace = shell.Options.Traces ? new List<string>() : null;
        foreach (var assignment in assignments)
        {
            var value = await shell.Expander.TextAsync(assignment.Value, isAssignment: true);
            shell.Variables.Set(assignment.Name, value, isExported ? true : null);
            trace?.Add(assignment.Name + "=" + Quoting.Maybe(value));
        }

        if (trace is not null && trace.Count + arguments.Count > 0)
        {
            trace.AddRange(arguments.Select(Quoting.Maybe));
            await shell.Process.ComplainAsync((shell.Variables.Get("PS4") ?? "+ ") + string.Join(' ', trace) + "\n");
        }
    }

    private async ValueTask<int> CallAsync(FunctionDefinition function, IReadOnlyList<string> arguments, Mode mode)
    {
        shell.Descend();
        var (parameters, loops) = (shell.Parameters, shell.Loops);
        shell.Parameters = [.. arguments.Skip(1)];
        shell.Loops = 0;
        shell.FunctionDepth++;
        shell.Variables.Enter();
        try
        {
            var status = await shell.RunAsync(function.Body, mode & Mode.Tested);
            if (shell.Skip == Skip.Return)
            {
                shell.Skip = Skip.None;
            }

            return shell.Status = status;
        }
        finally
        {
            shell.Variables.Leave();
            shell.FunctionDepth--;
            shell.Loops = loops;
            shell.Parameters = parameters;
            shell.Depth--;
        }
    }

    private async ValueTask<int> RunBuiltinAsync(Builtin builtin, IReadOnlyList<string> arguments, Mode mode)
    {
        var call = new BuiltinCall(shell, arguments, mode);
        try
        {
            return await builtin.RunAsync(call);
        }
        catch (ShellError error) when (!builtin.IsSpecial)
        {
            await call.ComplainAsync(error.Message);
            return error.Status;
        }
        catch (FileException failure) when (failure.Code is Errno.EBADF or Errno.ENOSPC or Errno.EFBIG or Errno.EIO or Errno.EROFS or Errno.ESTALE
            || (failure.Code == Errno.EPIPE && shell.Process.Ignores(Signals.Pipe)))
        {
            await shell.Process.ComplainAsync($"{shell.Name}: write error: {failure.Message}\n");
            return 1;
        }
    }

    private async ValueTask<int> RunProgramAsync(IReadOnlyList<string> arguments, Mode mode, string? directories)
    {
        var search = directories ?? shell.Variables.Get("PATH") ?? Execution.DefaultPath;
        var path = await Execution.FindInPathAsync(shell.Process, arguments[0], search) ?? shell.Process.Substitute;
        if (path is null)
        {
            await shell.ComplainAsync($"{arguments[0]}: not found");
            return 127;
        }

        var environment = shell.Variables.Exported().ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        if (mode.HasFlag(Mode.Last) && shell.Traps[0] is null && !shell.IsInteractive)
        {
            return await ExecuteAsync(shell.Process, path, arguments, environment);
        }

        return await shell.Processes.RunProgramAsync(path, arguments, environment);
    }
}
