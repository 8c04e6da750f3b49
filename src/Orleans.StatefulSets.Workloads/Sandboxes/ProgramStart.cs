using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Sandboxes;

/// <summary>Starts the program that a container or an <c>exec</c> names, with runc's words where that can't be done.</summary>
internal static class ProgramStart
{
    /// <summary>What a container ends with whose program could not be started (containerd's unknown exit status).</summary>
    public const int FailedExitCode = 128;

    /// <summary>Has the process become the program when its body returns.</summary>
    /// <returns>Why it can't, or null.</returns>
    public static async ValueTask<string?> PrepareAsync(Process process, IReadOnlyList<string> arguments)
    {
        var name = arguments[0];
        var shown = ByteText.ToText(name);
        try
        {
            if (!await IsDirectoryAsync(process, process.WorkingDirectory))
            {
                return $"chdir to cwd (\"{ByteText.ToText(process.WorkingDirectory)}\") set in config.json failed: no such file or directory";
            }

            if ((await Execution.FindInPathAsync(process, name) ?? process.Substitute) is not { } path)
            {
                return $"exec: \"{shown}\": executable file not found in $PATH";
            }

            process.Arguments = arguments;
            await Execution.ReplaceAsync(process, path, arguments);
            return null;
        }
        catch (FileException failure)
        {
            return failure.Code switch
            {
                Errno.ENOENT => $"exec: \"{shown}\": stat {shown}: no such file or directory",
                Errno.ENOEXEC => $"exec {shown}: exec format error",
                Errno.EACCES when await IsDirectoryAsync(process, name) => $"exec: \"{shown}\": is a directory",
                _ => $"exec: \"{shown}\": {failure.Message.ToLowerInvariant()}",
            };
        }
    }

    private static async ValueTask<bool> IsDirectoryAsync(Process process, string path)
    {
        try
        {
            return (await process.Container.Files.StatAsync(process.Caller with { Credentials = Credentials.Root }, path)).IsDirectory;
        }
        catch (FileException)
        {
            return false;
        }
    }
}
