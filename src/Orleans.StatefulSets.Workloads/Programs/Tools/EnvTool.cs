namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>env: shows the environment, or runs a program in another one.</summary>
internal sealed class EnvTool() : Tool("+iu:0 ignore-environment=i unset=u null=0", "[-iu0] [-u NAME] [-] [NAME=VALUE]... [PROG ARGS]", "env")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        var operands = call.Operands.ToList();
        var environment = call.Process.Environment;
        if (call.Has('i') || operands is ["-", ..])
        {
            environment.Clear();
            operands = operands is ["-", ..] ? operands[1..] : operands;
        }

        foreach (var name in call.Options.Values('u'))
        {
            environment.Remove(name);
        }

        var at = 0;
        for (; at < operands.Count && operands[at].IndexOf('=', StringComparison.Ordinal) is var equals and > 0; at++)
        {
            environment[operands[at][..equals]] = operands[at][(equals + 1)..];
        }

        if (at < operands.Count)
        {
            call.Status = await ChildProcess.ExecuteAsync(call, call.Process, operands[at..]);
            return;
        }

        foreach (var (name, value) in environment)
        {
            await call.WriteAsync($"{name}={value}{(call.Has('0') ? '\0' : '\n')}");
        }
    }
}
