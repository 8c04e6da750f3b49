using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>Programs that a tool runs: find's and xargs' commands, timeout's, env's.</summary>
internal static class ChildProcess
{
    private const int NotExecutable = 126;
    private const int NotFound = 127;

    /// <summary>Runs a program as a child and waits for it.</summary>
    /// <param name="call">Whose child.</param>
    /// <param name="arguments">The program, by path or name along PATH, and its arguments.</param>
    /// <param name="prepare">What is changed in the child before it runs.</param>
    /// <returns>The exit status; 127 where there is no such program, 126 where it cannot be run: both are said.</returns>
    public static async ValueTask<int> RunAsync(ToolCall call, IReadOnlyList<string> arguments, Action<Process>? prepare = null)
    {
        await call.FlushAsync();
        var child = call.Process.Table.Fork(call.Process);
        prepare?.Invoke(child);
        using var ended = call.Process.Killed.Register(() => child.Send(call.Process.Signal));
        return await call.Process.Table.RunAsync(child, process => ExecuteAsync(call, process, arguments));
    }

    /// <summary>Runs a program in a tool's own process, as after <c>execvp(3)</c>.</summary>
    public static async ValueTask<int> ExecuteAsync(ToolCall call, Process process, IReadOnlyList<string> arguments)
    {
        await call.FlushAsync();
        try
        {
            var path = await Execution.FindInPathAsync(process, arguments[0]) ?? throw new FileException(Errno.ENOENT);
            return await ExecuteOrInterpretAsync(process, path, arguments);
        }
        catch (FileException failure) when (failure.Code is Errno.ENOENT or Errno.EACCES or Errno.ENOTDIR or Errno.ELOOP)
        {
            await call.ComplainAsync($"can't execute '{arguments[0]}': {failure.Message}");
            return failure.Code == Errno.ENOENT ? NotFound : NotExecutable;
        }
    }

    /// <summary>Text that does not say what runs it is run by the shell, as <c>execvp(3)</c> has it.</summary>
    private static async ValueTask<int> ExecuteOrInterpretAsync(Process process, string path, IReadOnlyList<string> arguments)
    {
        try
        {
            return await Execution.ExecuteAsync(process, path, arguments);
        }
        catch (FileException failure) when (failure.Code == Errno.ENOEXEC)
        {
            return await Execution.ExecuteAsync(process, "/bin/sh", ["sh", path, .. arguments.Skip(1)]);
        }
    }
}
