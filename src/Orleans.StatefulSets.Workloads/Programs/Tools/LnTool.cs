namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>ln: gives files further names, by hard or symbolic links.</summary>
internal sealed class LnTool() : Tool("sfnbtvTS: symbolic=s force=f no-dereference=n verbose=v no-target-directory=T", "[-sfnbtv] [-S SUF] TARGET... LINK|DIR", "ln")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        var operands = call.Operands;
        if (operands.Count == 0 || (call.Has('T') && operands.Count != 2))
        {
            throw new UsageException();
        }

        var goal = operands.Count == 1 ? ToolCall.LastSegment(operands[0]) : operands[^1];
        var targets = operands.Count == 1 ? operands : operands.SkipLast(1).ToList();
        var isFolder = !call.Has('T') && (await call.FindAsync(goal, follow: !call.Has('n')))?.IsDirectory == true;
        if (targets.Count > 1 && !isFolder)
        {
            throw new UsageException($"target '{goal}' is not a directory", withUsage: false);
        }

        foreach (var target in targets)
        {
            await LinkAsync(call, target, isFolder ? ToolCall.Join(goal, ToolCall.LastSegment(target)) : goal);
        }
    }

    private static async ValueTask LinkAsync(ToolCall call, string target, string link)
    {
        var there = await call.FindAsync(link, follow: false);
        if (!call.Has('s') && await call.FindAsync(target, follow: false) is null)
        {
            await call.FailAsync($"{target}: No such file or directory");
            return;
        }

        await call.TryAsync(
            async () =>
            {
                if (there is not null && call.Has('b'))
                {
                    await call.Files.RenameAsync(call.By, link, link + (call.Value('S') ?? "~"));
                }
                else if (there is { IsDirectory: false } && call.Has('f'))
                {
                    await call.Files.RemoveFileAsync(call.By, link);
                }

                await (call.Has('s') ? call.Files.MakeSymbolicLinkAsync(call.By, target, link) : call.Files.LinkAsync(call.By, target, link));
                if (call.Has('v'))
                {
                    await call.WriteLineAsync($"'{link}' -> '{target}'");
                }
            },
            error => $"{link}: {error}");
    }
}
