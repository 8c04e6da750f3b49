using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>which: where along PATH a program stands.</summary>
internal sealed class WhichTool() : Tool("a all=a", "[-a] COMMAND...", "which")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        if (call.Operands.Count == 0)
        {
            throw new UsageException();
        }

        foreach (var name in call.Operands)
        {
            var paths = name.Contains('/')
                ? [name]
                : call.Process.Environment.GetValueOrDefault("PATH", Execution.DefaultPath).Split(':').Select(folder => folder.Length == 0 ? $"./{name}" : ToolCall.Join(folder, name));
            var found = 0;
            foreach (var path in paths)
            {
                if ((found == 0 || call.Has('a')) && await Execution.IsExecutableAsync(call.Process, path))
                {
                    found++;
                    await call.WriteLineAsync(path);
                }
            }

            call.Status |= found == 0 ? 1 : 0;
        }
    }
}
