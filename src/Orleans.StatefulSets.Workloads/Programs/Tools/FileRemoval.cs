using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>Takes files and whole directories off, for rm and mv.</summary>
internal sealed class FileRemoval(ToolCall call)
{
    public bool Recursive { get; init; }

    public bool Force { get; init; }

    public bool Ask { get; init; }

    public async ValueTask RemoveAsync(string path)
    {
        await call.Process.StepAsync();
        FileNode node;
        try
        {
            node = await call.Files.StatAsync(call.By, path, follow: false);
        }
        catch (FileException failure)
        {
            if (!(Force && failure.Code is Errno.ENOENT or Errno.ENOTDIR))
            {
                await call.FailAsync($"can't remove '{path}': {failure.Message}");
            }

            return;
        }

        if (node.IsDirectory)
        {
            await RemoveDirectoryAsync(path);
        }
        else if (!Ask || await Confirmation.AskAsync(call, $"remove '{path}'? "))
        {
            await call.TryAsync(() => call.Files.RemoveFileAsync(call.By, path), error => $"can't remove '{path}': {error}");
        }
    }

    private async ValueTask RemoveDirectoryAsync(string path)
    {
        if (!Recursive)
        {
            await call.FailAsync($"'{path}' is a directory");
            return;
        }

        if (Ask && !await Confirmation.AskAsync(call, $"descend into directory '{path}'? "))
        {
            return;
        }

        IReadOnlyList<DirectoryEntry> entries = [];
        if (!await call.TryAsync(async () => entries = await call.Files.ListAsync(call.By, path), error => $"can't remove '{path}': {error}"))
        {
            return;
        }

        var failed = call.Status;
        call.Status = 0;
        foreach (var entry in entries)
        {
            await RemoveAsync(ToolCall.Join(path, entry.Name));
        }

        // A directory that something stayed in is not tried: what stayed has been told of already.
        if (call.Status == 0 && (!Ask || await Confirmation.AskAsync(call, $"remove directory '{path}'? ")))
        {
            await call.TryAsync(() => call.Files.RemoveDirectoryAsync(call.By, path), error => $"can't remove '{path}': {error}");
        }

        call.Status |= failed;
    }
}
