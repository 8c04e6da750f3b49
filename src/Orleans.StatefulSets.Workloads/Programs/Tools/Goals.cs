namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>Where each source of cp and mv goes: into the directory named last or by -t, or to the name given.</summary>
internal static class Goals
{
    public static async ValueTask ForEachAsync(ToolCall call, Func<string, string, ValueTask> action)
    {
        var sources = call.Operands.ToList();
        var folder = call.Value('t');
        if (sources.Count < (folder is null ? 2 : 1))
        {
            throw new UsageException();
        }

        var goal = folder ?? sources[^1];
        if (folder is null)
        {
            sources.RemoveAt(sources.Count - 1);
        }

        var isFolder = !call.Has('T') && (await call.FindAsync(goal))?.IsDirectory == true;
        if (!isFolder && (sources.Count > 1 || folder is not null))
        {
            if (call.Has('T'))
            {
                throw new UsageException();
            }

            throw new UsageException($"target '{goal}' is not a directory", withUsage: false);
        }

        foreach (var source in sources)
        {
            await action(source, isFolder ? ToolCall.Join(goal, ToolCall.LastSegment(source)) : goal);
        }
    }
}
