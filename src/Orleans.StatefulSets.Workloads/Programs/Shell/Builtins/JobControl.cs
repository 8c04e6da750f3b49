using System.Globalization;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Programs.Shell.Builtins;

/// <summary>The builtins about jobs and signals.</summary>
internal static class JobControl
{
    public static async ValueTask<int> TrapAsync(BuiltinCall call)
    {
        var operands = call.Operands;
        var traps = call.Shell.Traps;
        if (operands is ["--", ..])
        {
            operands = [.. operands.Skip(1)];
        }

        if (operands.Count == 0)
        {
            for (var signal = 0; signal < Signals.Names.Count; signal++)
            {
                if (traps[signal] is { } action)
                {
                    await call.PrintAsync($"trap -- {Quoting.Always(action)} {(signal == 0 ? "EXIT" : Signals.Names[signal])}\n");
                }
            }

            return 0;
        }

        // A number where an action should stand resets the signals.
        var isReset = operands.Count == 1 || operands[0] == "-" || operands[0].All(char.IsAsciiDigit) && operands[0].Length > 0;
        var names = operands.Count == 1 || (isReset && operands[0] != "-") ? operands : [.. operands.Skip(1)];
        var status = 0;
        foreach (var name in names)
        {
            if (Signals.Parse(name) is not { } signal)
            {
                await call.ComplainAsync($"{name}: invalid signal specification");
                status = 1;
                continue;
            }

            traps.Set(signal, isReset ? null : operands[0]);
        }

        return status;
    }

    public static async ValueTask<int> WaitAsync(BuiltinCall call)
    {
        var status = 0;
        if (call.Arguments.Count == 1)
        {
            foreach (var job in call.Shell.Jobs.All.ToList())
            {
                if (await WaitAsync(call, job) is null)
                {
                    return 128 + call.Shell.Traps.LastSignal;
                }
            }

            return 0;
        }

        foreach (var operand in call.Operands)
        {
            if (call.Shell.Jobs.Find(operand) is not { } job)
            {
                status = operand.StartsWith('%') ? throw call.Error($"{operand}: no such job") : 127;
                continue;
            }

            if (await WaitAsync(call, job) is not { } ended)
            {
                return 128 + call.Shell.Traps.LastSignal;
            }

            status = ended;
        }

        return status;
    }

    public static async ValueTask<int> ListAsync(BuiltinCall call)
    {
        var (options, _) = call.Parse("lp");
        var jobs = call.Shell.Jobs.Listed.ToList();
        for (var i = 0; i < jobs.Count; i++)
        {
            var job = jobs[i];
            var sign = i == jobs.Count - 1 ? '+' : i == jobs.Count - 2 ? '-' : ' ';
            var text = options.Any(option => option.Letter == 'p')
                ? job.Id.ToString(CultureInfo.InvariantCulture)
                : $"[{job.Number}]{sign}  {(options.Count > 0 ? job.Id + " " : "")}{State(job),-27}{(call.Shell.IsInteractive ? job.Text : "")}";
            await call.PrintAsync(text + "\n");
            if (job.HasEnded)
            {
                call.Shell.Jobs.Remove(job);
            }
        }

        return 0;
    }

    public static async ValueTask<int> ForegroundAsync(BuiltinCall call)
    {
        var job = Wanted(call);
        await call.PrintAsync(job.Text + "\n");
        return await WaitAsync(call, job) ?? 128 + call.Shell.Traps.LastSignal;
    }

    public static async ValueTask<int> BackgroundAsync(BuiltinCall call)
    {
        var job = Wanted(call);
        await call.PrintAsync($"[{job.Number}] {job.Text}\n");
        return 0;
    }

    public static ValueTask<int> KillAsync(BuiltinCall call)
    {
        // %1 means the processes of a job.
        var arguments = new List<string>();
        foreach (var argument in call.Arguments)
        {
            if (!argument.StartsWith('%'))
            {
                arguments.Add(argument);
                continue;
            }

            var job = call.Shell.Jobs.Find(argument) ?? throw call.Error($"{argument}: no such job");
            arguments.AddRange(job.Members.Where(member => !member.End.IsCompleted).Select(member => member.Process.Id.ToString(CultureInfo.InvariantCulture)));
        }

        return Standalone.Kill.RunAsync(call.Shell.Process, call.Shell.Name, arguments);
    }

    /// <summary>What a job's listing says of it.</summary>
    public static string State(Job job)
    {
        if (!job.HasEnded)
        {
            return "Running";
        }

        var status = job.Members[^1].End.Result;
        return status == 0 ? "Done" : status == 128 + Signals.Kill ? "Killed" : status == 128 + Signals.Terminate ? "Terminated" : $"Done({status})";
    }

    private static Job Wanted(BuiltinCall call) => call.Arguments.Count > 1
        ? call.Shell.Jobs.Find(call.Arguments[1]) ?? throw call.Error($"{call.Arguments[1]}: no such job")
        : call.Shell.Jobs.Find("%%") ?? throw call.Error("No current job");

    /// <summary>The job's status when it ended; null where a signal came before.</summary>
    private static async ValueTask<int?> WaitAsync(BuiltinCall call, Job job)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(call.Shell.Process.Killed, call.Shell.Traps.Interruption);
        try
        {
            var statuses = await job.End.WaitAsync(stop.Token);
            job.IsWaitedFor = true;
            return statuses[^1];
        }
        catch (OperationCanceledException) when (!call.Shell.Process.Killed.IsCancellationRequested)
        {
            return null;
        }
    }
}
