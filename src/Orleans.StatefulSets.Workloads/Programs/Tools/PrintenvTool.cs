namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>printenv: variables of the environment.</summary>
internal sealed class PrintenvTool() : Tool("+", "[VARIABLE]...", "printenv")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        if (call.Operands.Count == 0)
        {
            foreach (var (name, value) in call.Process.Environment)
            {
                await call.WriteLineAsync($"{name}={value}");
            }
        }

        foreach (var name in call.Operands)
        {
            if (call.Process.Environment.TryGetValue(name, out var value))
            {
                await call.WriteLineAsync(value);
            }
            else
            {
                call.Status = 1;
            }
        }
    }
}
