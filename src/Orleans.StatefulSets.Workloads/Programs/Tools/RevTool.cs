namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>rev: every line backwards.</summary>
internal sealed class RevTool() : Tool("", "[FILE]...", "rev")
{
    protected override ValueTask RunAsync(ToolCall call) => call.ForEachInputAsync(async (_, reader) =>
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            var letters = ToolCall.Chomp(line).ToCharArray();
            Array.Reverse(letters);
            await call.WriteAsync(new string(letters) + (line.EndsWith('\n') ? "\n" : ""));
        }
    });
}
