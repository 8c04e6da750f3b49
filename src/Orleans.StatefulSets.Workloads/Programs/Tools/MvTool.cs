using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>mv: gives files other names, or moves them to another mount by copying.</summary>
internal sealed class MvTool() : Tool(
    "finTvt:u force=f interactive=i no-clobber=n no-target-directory=T target-directory=t verbose=v update=u",
    "[-finT] SOURCE DEST\n   or: mv [-fin] SOURCE... { -t DIRECTORY | DIRECTORY }",
    "mv")
{
    protected override ValueTask RunAsync(ToolCall call) => Goals.ForEachAsync(call, (from, to) => MoveAsync(call, from, to));

    private static async ValueTask MoveAsync(ToolCall call, string from, string to)
    {
        var goal = await call.FindAsync(to);
        if (goal is not null)
        {
            var rule = call.Options.LastOf("nif");
            if (rule == 'n')
            {
                return;
            }

            if (rule == 'i' && !await Confirmation.AskAsync(call, $"overwrite '{to}'? "))
            {
                return;
            }
        }

        try
        {
            await call.Files.RenameAsync(call.By, from, to);
        }
        catch (FileException failure) when (failure.Code == Errno.EXDEV)
        {
            await CopyAsync(call, from, to, goal);
            return;
        }
        catch (FileException failure)
        {
            await call.FailAsync($"can't rename '{from}': {failure.Message}");
            return;
        }

        if (call.Has('v'))
        {
            await call.WriteLineAsync($"'{from}' -> '{to}'");
        }
    }

    private static async ValueTask CopyAsync(ToolCall call, string from, string to, FileNode? goal)
    {
        var source = await call.Files.StatAsync(call.By, from, follow: false);
        if (goal is not null)
        {
            if (goal.IsDirectory != source.IsDirectory)
            {
                await call.FailAsync(goal.IsDirectory ? $"can't overwrite directory '{to}' with non-directory" : $"can't overwrite '{to}' with directory");
                return;
            }

            if (!await call.TryAsync(() => goal.IsDirectory ? call.Files.RemoveDirectoryAsync(call.By, to) : call.Files.RemoveFileAsync(call.By, to), error => $"can't remove '{to}': {error}"))
            {
                return;
            }
        }

        var copy = new FileCopy(call) { Recursive = true, Preserve = true, Verbose = call.Has('v') };
        if (await copy.CopyAsync(from, to))
        {
            await new FileRemoval(call) { Recursive = true, Force = true }.RemoveAsync(from);
        }
    }
}
