namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>basename: the last segment of paths.</summary>
internal sealed class BasenameTool() : Tool("+as: multiple=a suffix=s", "FILE [SUFFIX] | -a FILE... | -s SUFFIX FILE...", "basename")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        var several = call.Options.HasAny("as");
        if (call.Operands.Count == 0 || (!several && call.Operands.Count > 2))
        {
            throw new UsageException();
        }

        var suffix = several ? call.Value('s') ?? "" : call.Operands.ElementAtOrDefault(1) ?? "";
        foreach (var path in several ? call.Operands : call.Operands.Take(1))
        {
            var name = ToolCall.LastSegment(path);
            await call.WriteLineAsync(name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : name);
        }
    }
}
