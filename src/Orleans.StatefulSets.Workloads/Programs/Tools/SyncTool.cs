namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>sync: waits until what was written is safe.</summary>
internal sealed class SyncTool() : Tool("df data=d file-system=f", "[-df] [FILE]...", "sync")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        foreach (var path in call.Operands)
        {
            await call.TryAsync(async () => await (await call.Files.LocateAsync(call.By, path)).Mount.Tree.FlushAsync(), error => $"{path}: {error}");
        }

        if (call.Operands.Count == 0)
        {
            await call.Files.FlushAsync();
        }
    }
}
