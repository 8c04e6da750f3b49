using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>du: room that directories take.</summary>
internal sealed class DuTool() : Tool("aHLd:clsxhmkb max-depth=d summarize=s", "[-aHLdclsxhmk] [FILE]...", "du")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        var deepest = call.Has('s') ? 0 : call.Value('d') is { } depth ? ToolCall.Number(depth) : long.MaxValue;
        var seen = new HashSet<(IFileTree, long)>();
        long total = 0;
        foreach (var path in call.Operands.Count == 0 ? ["."] : call.Operands)
        {
            total += await VisitAsync(call, path, 0, deepest, seen);
        }

        if (call.Has('c'))
        {
            await call.WriteLineAsync($"{Shown(call, total)}\ttotal");
        }
    }

    /// <returns>Blocks of 512 bytes.</returns>
    private static async ValueTask<long> VisitAsync(ToolCall call, string path, int depth, long deepest, HashSet<(IFileTree, long)> seen)
    {
        await call.Process.StepAsync();
        (FileNode Node, Mount Mount, string Path) at = (null!, null!, "");
        var follow = call.Has('L') || (depth == 0 && call.Has('H'));
        if (!await call.TryAsync(async () => at = await call.Files.LocateAsync(call.By, path, follow), error => $"{path}: {error}"))
        {
            return 0;
        }

        if (at.Node is { IsDirectory: false, Links: > 1 } && !call.Has('l') && !seen.Add((at.Mount.Tree, at.Node.Number)))
        {
            return 0;
        }

        var blocks = LsFormat.Blocks(at.Node);
        if (at.Node.IsDirectory)
        {
            IReadOnlyList<DirectoryEntry> entries = [];
            await call.TryAsync(async () => entries = await call.Files.ListAsync(call.By, path), error => $"can't open '{path}': {error}");
            foreach (var entry in entries)
            {
                blocks += await VisitAsync(call, ToolCall.Join(path, entry.Name), depth + 1, deepest, seen);
            }
        }

        if (depth <= deepest && (depth == 0 || at.Node.IsDirectory || call.Has('a')))
        {
            await call.WriteLineAsync($"{Shown(call, blocks)}\t{path}");
        }

        return blocks;
    }

    private static string Shown(ToolCall call, long blocks) => call.Options.LastOf("hmkb") switch
    {
        'h' => blocks == 0 ? "0" : LsFormat.Human(blocks * 512),
        'm' => $"{((blocks * 512) + (1 << 20) - 1) >> 20}",
        _ => $"{(blocks + 1) / 2}",
    };
}
