namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>rm: takes files off.</summary>
internal sealed class RmTool() : Tool("firRv recursive=r force=f interactive=i verbose=v", "[-irf] FILE...", "rm")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        var rule = call.Options.LastOf("if");
        var removal = new FileRemoval(call) { Recursive = call.Options.HasAny("rR"), Force = rule == 'f', Ask = rule == 'i' };
        if (call.Operands.Count == 0 && rule != 'f')
        {
            throw new UsageException();
        }

        foreach (var path in call.Operands)
        {
            if (ToolCall.LastSegment(path) is "." or "..")
            {
                await call.FailAsync("can't remove '.' or '..'");
                continue;
            }

            await removal.RemoveAsync(path);
        }
    }
}
