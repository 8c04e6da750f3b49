namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>dirname: a path without its last segment.</summary>
internal sealed class DirnameTool() : Tool("", "FILENAME", "dirname")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        if (call.Operands.Count != 1)
        {
            throw new UsageException();
        }

        var path = call.Operands[0];
        var trimmed = path.TrimEnd('/');
        var slash = trimmed.LastIndexOf('/');
        var folder = slash < 0 ? "" : trimmed[..slash].TrimEnd('/');
        await call.WriteLineAsync(folder.Length > 0 ? folder : path.StartsWith('/') ? "/" : ".");
    }
}
