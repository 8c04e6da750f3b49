using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>Copies files and whole directories, for cp and for mv between mounts.</summary>
internal sealed class FileCopy(ToolCall call)
{
    private const int Chunk = 65_536;
    private const int Deepest = 200;

    /// <summary>Whether directories are copied with what is in them.</summary>
    public bool Recursive { get; init; }

    /// <summary>Whether links met on the way are followed; <see cref="FollowFirst"/> for those named.</summary>
    public bool Follow { get; init; }

    public bool FollowFirst { get; init; }

    /// <summary>Whether mode, owner and times are kept.</summary>
    public bool Preserve { get; init; }

    /// <summary>What to do where the goal is there and is not to be asked about: nothing, only if older, take it off first.</summary>
    public bool NoReplace { get; init; }

    public bool OnlyNewer { get; init; }

    public bool Force { get; init; }

    public bool Ask { get; init; }

    public bool Verbose { get; init; }

    public bool HardLink { get; init; }

    public bool SoftLink { get; init; }

    /// <summary>Copies one thing to one path. Errors are said and remembered in the call's status.</summary>
    public ValueTask<bool> CopyAsync(string from, string to) => CopyAsync(from, to, depth: 0, root: null);

    private async ValueTask<bool> CopyAsync(string from, string to, int depth, (IFileTree Tree, long Node)? root)
    {
        await call.Process.StepAsync();
        FileNode source;
        try
        {
            source = await call.Files.StatAsync(call.By, from, depth == 0 ? FollowFirst || Follow : Follow);
        }
        catch (FileException failure)
        {
            await call.FailAsync($"can't stat '{from}': {failure.Message}");
            return false;
        }

        var goal = await call.FindAsync(to);
        if (goal is not null && goal.Number == source.Number && await SameAsync(from, to))
        {
            await call.FailAsync($"'{from}' and '{to}' are the same file");
            return false;
        }

        if (source.IsDirectory)
        {
            return await CopyDirectoryAsync(from, to, source, goal, depth, root);
        }

        return await MayReplaceAsync(from, to, source, goal)
            && await call.TryAsync(() => CopyFileAsync(from, to, source, goal), error => $"can't create '{to}': {error}")
            && await FinishAsync(from, to, source);
    }

    private async ValueTask<bool> SameAsync(string from, string to) =>
        (await call.Files.LocateAsync(call.By, from)).Mount.Tree == (await call.Files.LocateAsync(call.By, to)).Mount.Tree;

    private async ValueTask<bool> MayReplaceAsync(string from, string to, FileNode source, FileNode? goal)
    {
        if (goal is null)
        {
            return true;
        }

        if (NoReplace || (OnlyNewer && goal.Modified >= source.Modified))
        {
            return false;
        }

        if (goal.IsDirectory)
        {
            await call.FailAsync($"can't create '{to}': Is a directory");
            return false;
        }

        return !Ask || await Confirmation.AskAsync(call, $"overwrite '{to}'? ");
    }

    private async ValueTask CopyFileAsync(string from, string to, FileNode source, FileNode? goal)
    {
        if (HardLink || SoftLink)
        {
            if (goal is not null && Force)
            {
                await call.Files.RemoveFileAsync(call.By, to);
            }

            await (HardLink ? call.Files.LinkAsync(call.By, from, to) : call.Files.MakeSymbolicLinkAsync(call.By, from, to));
            return;
        }

        if (source.Kind == FileKind.SymbolicLink)
        {
            if (goal is not null || await call.FindAsync(to, follow: false) is not null)
            {
                await call.Files.RemoveFileAsync(call.By, to);
            }

            await call.Files.MakeSymbolicLinkAsync(call.By, source.Target!, to);
            return;
        }

        var input = await call.Files.OpenAsync(call.By, from, OpenMode.Read);
        try
        {
            var output = await OpenGoalAsync(to, source, goal);
            try
            {
                await PumpAsync(call, input, output);
            }
            finally
            {
                await output.CloseAsync();
            }
        }
        finally
        {
            await input.CloseAsync();
        }
    }

    private async ValueTask<IOpenFile> OpenGoalAsync(string to, FileNode source, FileNode? goal)
    {
        const OpenMode mode = OpenMode.Write | OpenMode.Create | OpenMode.Truncate;
        try
        {
            return await call.Files.OpenAsync(call.By, to, mode, source.Mode & 0x1FF);
        }
        catch (FileException failure) when (Force && goal is not null && failure.Code == Errno.EACCES)
        {
            await call.Files.RemoveFileAsync(call.By, to);
            return await call.Files.OpenAsync(call.By, to, mode, source.Mode & 0x1FF);
        }
    }

    /// <summary>Moves all bytes of one open file to another.</summary>
    public static async ValueTask PumpAsync(ToolCall call, IOpenFile input, IOpenFile output)
    {
        var buffer = new byte[Chunk];
        int count;
        while ((count = await input.ReadAsync(buffer, call.Process.Killed)) > 0)
        {
            await call.Process.StepAsync(1 + (count / 4096));
            await output.WriteAsync(buffer.AsMemory(0, count), call.Process.Killed);
        }
    }

    private async ValueTask<bool> CopyDirectoryAsync(string from, string to, FileNode source, FileNode? goal, int depth, (IFileTree Tree, long Node)? root)
    {
        if (!Recursive)
        {
            await call.FailAsync($"omitting directory '{from}'");
            return false;
        }

        if (goal is { IsDirectory: false } || depth > Deepest)
        {
            await call.FailAsync(depth > Deepest ? $"'{from}': File name too long" : $"target '{to}' is not a directory");
            return false;
        }

        if (goal is null && !await call.TryAsync(() => call.Files.MakeDirectoryAsync(call.By, to, (source.Mode & 0x1FF) | 0x1C0), error => $"can't create directory '{to}': {error}"))
        {
            return false;
        }

        if (root is null)
        {
            var made = await call.Files.LocateAsync(call.By, to);
            root = (made.Mount.Tree, made.Node.Number);
        }

        var here = await call.Files.LocateAsync(call.By, from);
        if (here.Node.Number == root.Value.Node && here.Mount.Tree == root.Value.Tree)
        {
            await call.FailAsync($"recursion detected, omitting directory '{from}'");
            return false;
        }

        IReadOnlyList<DirectoryEntry> entries = [];
        var all = await call.TryAsync(async () => entries = await call.Files.ListAsync(call.By, from), error => $"can't open '{from}': {error}");
        foreach (var entry in entries)
        {
            all &= await CopyAsync(ToolCall.Join(from, entry.Name), ToolCall.Join(to, entry.Name), depth + 1, root);
        }

        if (goal is null && !Preserve)
        {
            await call.Files.ChangeAsync(call.By, to, new AttributeChange { Mode = source.Mode & 0x1FF & ~call.By.Umask });
        }

        return await FinishAsync(from, to, source) && all;
    }

    private async ValueTask<bool> FinishAsync(string from, string to, FileNode source)
    {
        if (Preserve && !HardLink && !SoftLink)
        {
            var times = new AttributeChange { Accessed = source.Accessed, Modified = source.Modified };
            await call.TryAsync(async () => await call.Files.ChangeAsync(call.By, to, times, follow: false), error => $"can't preserve times of '{to}': {error}");
            await call.TryAsync(
                async () => await call.Files.ChangeAsync(call.By, to, new AttributeChange { Uid = source.Uid, Gid = source.Gid }, follow: false),
                error => $"can't preserve ownership of '{to}': {error}");
            if (source.Kind != FileKind.SymbolicLink)
            {
                await call.TryAsync(async () => await call.Files.ChangeAsync(call.By, to, new AttributeChange { Mode = source.Mode }), error => $"can't preserve permissions of '{to}': {error}");
            }
        }

        if (Verbose)
        {
            await call.WriteLineAsync($"'{from}' -> '{to}'");
        }

        return true;
    }
}
