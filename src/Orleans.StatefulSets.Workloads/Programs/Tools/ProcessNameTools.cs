using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>pidof: numbers of processes by name.</summary>
internal sealed class PidofTool() : Tool("so:", "[OPTIONS] [NAME]...", "pidof")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        var omitted = call.Options.Values('o').ToHashSet();
        var found = call.Process.Table.Running.Where(process => call.Operands.Contains(PsTool.NameOf(process)) && !omitted.Contains($"{process.Id}")).Select(process => $"{process.Id}").Reverse().ToList();
        call.Status = found.Count == 0 ? 1 : 0;
        await (found.Count == 0 ? default : call.WriteLineAsync(string.Join(' ', call.Has('s') ? found.Take(1) : found)));
    }
}

/// <summary>killall: signals to processes by name.</summary>
internal sealed class KillallTool() : Tool("+lqs:", "[-lq] [-s SIG | -SIG] PROCESS_NAME...", "killall")
{
    protected override List<string> Prepare(List<string> arguments)
    {
        if (arguments is [['-', _, ..] signal, ..] && signal is not ("-l" or "-q" or "-s" or "--") && Signals.Parse(signal[1..]) is not null)
        {
            return ["-s", signal[1..], .. arguments.Skip(1)];
        }

        return arguments;
    }

    protected override async ValueTask RunAsync(ToolCall call)
    {
        var signal = call.Value('s') is { } text ? Signals.Parse(text) ?? throw new UsageException($"bad signal name '{text}'", withUsage: false) : Signals.Terminate;
        if (call.Operands.Count == 0)
        {
            throw new UsageException("you need to specify whom to kill", withUsage: false);
        }

        foreach (var name in call.Operands)
        {
            var named = call.Process.Table.Running.Where(process => PsTool.NameOf(process) == name && process != call.Process).ToList();
            if (named.Count == 0)
            {
                call.Status = 1;
                await (call.Has('q') ? default : call.ComplainAsync($"{name}: no process killed"));
            }

            foreach (var process in named)
            {
                process.Send(signal);
            }
        }
    }
}
