namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>realpath: absolute paths without links.</summary>
internal sealed class RealpathTool() : Tool("", "FILE...", "realpath")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        if (call.Operands.Count == 0)
        {
            throw new UsageException();
        }

        foreach (var path in call.Operands)
        {
            await call.TryAsync(async () => await call.WriteLineAsync(await PathWalk.CanonicalAsync(call, path)), error => $"{path}: {error}");
        }
    }
}
