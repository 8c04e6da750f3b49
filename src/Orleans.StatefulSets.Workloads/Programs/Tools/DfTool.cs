using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>df: room in what is mounted.</summary>
internal sealed class DfTool() : Tool("PkmhTait:B:", "[-PkmhTai] [-B SIZE] [-t TYPE] [FILESYSTEM]...", "df")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        var title = call.Has('i') ? "Inodes" : call.Options.LastOf("hmk") switch { 'h' => "Size", 'm' => "1M-blocks", _ => call.Has('P') ? "1024-blocks" : "1K-blocks" };
        var type = call.Has('T') ? $" {"Type",-10}" : "";
        await call.WriteLineAsync($"{"Filesystem",-20}{type} {title,9} {"Used",9} {"Available",9} {(call.Has('P') ? "Capacity" : "Use%"),4} Mounted on");
        foreach (var mount in await MountsAsync(call))
        {
            var usage = await mount.Tree.UsageAsync();
            var (all, taken) = call.Has('i') ? (usage.Nodes, usage.UsedNodes) : (usage.Capacity, usage.Used);
            var free = Math.Max(0, all - taken);
            var percent = all == 0 ? 0 : ((taken * 100.0) + all - 1) / all;
            var source = MountText.SourceOf(mount);
            var line = $"{source,-20}{(call.Has('T') ? $" {MountText.TypeOf(mount),-10}" : "")} {Shown(call, all),9} {Shown(call, taken),9} {Shown(call, free),9} {(int)percent,3}% {mount.Path}";
            await call.WriteLineAsync(source.Length > 20 ? line.Replace(source, $"{source}\n{"",-20}", StringComparison.Ordinal) : line);
        }
    }

    private static async ValueTask<List<Mount>> MountsAsync(ToolCall call)
    {
        if (call.Operands.Count == 0)
        {
            return [.. call.Files.Mounts];
        }

        var mounts = new List<Mount>();
        foreach (var path in call.Operands)
        {
            try
            {
                mounts.Add((await call.Files.LocateAsync(call.By, path)).Mount);
            }
            catch (FileException)
            {
                await call.FailAsync($"{path}: can't find mount point");
            }
        }

        return mounts;
    }

    private static string Shown(ToolCall call, long value) => call.Has('i') ? $"{value}" : call.Options.LastOf("hmk") switch
    {
        'h' => value == 0 ? "0" : LsFormat.Human(value),
        'm' => $"{value >> 20}",
        _ => $"{value >> 10}",
    };
}
