namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>tac: lines from the last to the first.</summary>
internal sealed class TacTool() : Tool("", "[FILE]...", "tac")
{
    protected override ValueTask RunAsync(ToolCall call) => call.ForEachInputAsync(async (_, reader) =>
    {
        var lines = await reader.ReadLinesAsync();
        for (var index = lines.Count - 1; index >= 0; index--)
        {
            await call.WriteAsync(lines[index]);
        }
    });
}
