using System.Globalization;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>timeout: runs a program, and ends it when it takes too long.</summary>
internal sealed class TimeoutTool() : Tool("+s:k:f signal=s kill-after=k", "[-s SIG] [-k KILL_SECS] SECS PROG ARGS", "timeout")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        if (call.Operands.Count < 2)
        {
            throw new UsageException();
        }

        var signal = call.Value('s') is { } name ? Signals.Parse(name) ?? throw new UsageException($"unknown signal '{name}'", withUsage: false) : Signals.Terminate;
        var after = TimeSpan.FromSeconds(Math.Min(SleepTool.Seconds(call.Operands[0]), int.MaxValue / 1000));
        var killAfter = call.Value('k') is { } more ? TimeSpan.FromSeconds(SleepTool.Seconds(more)) : TimeSpan.Zero;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(call.Process.Killed);
        var watching = Task.CompletedTask;
        call.Status = await ChildProcess.RunAsync(call, call.Operands.Skip(1).ToList(), child => watching = WatchAsync(call, child, after, killAfter, signal, over.Token));
        await over.CancelAsync();
        await watching;
    }

    private static async Task WatchAsync(ToolCall call, Process child, TimeSpan after, TimeSpan killAfter, int signal, CancellationToken cancellation)
    {
        try
        {
            await Task.Delay(after, call.Clock, cancellation);
            child.Send(signal);
            if (killAfter > TimeSpan.Zero)
            {
                await Task.Delay(killAfter, call.Clock, cancellation);
                child.Send(Signals.Kill);
            }
        }
        catch (OperationCanceledException)
        {
            // The program ended by itself.
        }
    }
}

/// <summary>time: runs a program and says how long it took.</summary>
internal sealed class TimeTool() : Tool("+vpao:f:", "[-vpa] [-o FILE] PROG ARGS", "time")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        if (call.Operands.Count == 0)
        {
            throw new UsageException();
        }

        var started = call.Clock.GetTimestamp();
        call.Status = await ChildProcess.RunAsync(call, call.Operands);
        var took = call.Clock.GetElapsedTime(started);
        await call.Process.ComplainAsync(call.Has('p')
            ? $"real {took.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture)}\nuser 0.00\nsys 0.00\n"
            : $"real\t{(int)took.TotalMinutes}m {(took.TotalSeconds % 60).ToString("0.00", CultureInfo.InvariantCulture)}s\nuser\t0m 0.00s\nsys\t0m 0.00s\n");
    }
}

/// <summary>nohup: runs a program that no hangup ends.</summary>
internal sealed class NohupTool() : Tool("+", "PROG ARGS", "nohup")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        if (call.Operands.Count == 0)
        {
            throw new UsageException();
        }

        call.Process.IgnoredSignals |= 1L << Signals.Hangup;
        call.Status = await ChildProcess.ExecuteAsync(call, call.Process, call.Operands);
    }
}

/// <summary>watch: runs a program again and again.</summary>
internal sealed class WatchTool() : Tool("+n:t interval=n no-title=t", "[-n SEC] [-t] PROG ARGS", "watch")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        if (call.Operands.Count == 0)
        {
            throw new UsageException();
        }

        var period = TimeSpan.FromSeconds(Math.Clamp(call.Value('n') is { } text ? SleepTool.Seconds(text) : 2, 0.1, 86_400));
        var command = string.Join(' ', call.Operands);
        while (true)
        {
            var title = call.Has('t') ? "" : $"Every {period.TotalSeconds:0.0}s: {command}{DateText.Format("%Y-%m-%d %H:%M:%S", call.Clock.GetUtcNow().UtcDateTime).PadLeft(Math.Max(1, 60 - command.Length))}\n\n";
            await call.WriteAsync("\u001b[H\u001b[J" + title);
            await ChildProcess.RunAsync(call, ["sh", "-c", command]);
            await Task.Delay(period, call.Clock, call.Process.Killed);
        }
    }
}

/// <summary>busybox: the tool that its first argument names.</summary>
internal sealed class BusyboxTool() : Tool("+", "[FUNCTION [ARGS]...]", "busybox")
{
    protected override List<string> Prepare(List<string> arguments) => ["--", .. arguments];

    protected override async ValueTask RunAsync(ToolCall call)
    {
        if (call.Operands.Count == 0 || call.Operands[0] is "--help" or "--list")
        {
            var names = call.Process.Container.Programs.Names.Where(name => name != "busybox");
            await call.WriteAsync(call.Operands is ["--list"] ? string.Concat(names.Select(name => name + "\n")) : $"BusyBox v1.35.0 (emulated) multi-call binary.\n\nCurrently defined functions:\n\t{string.Join(", ", names)}\n");
            return;
        }

        if (call.Process.Container.Programs.Find(call.Operands[0]) is not { } program)
        {
            call.Status = 127;
            await call.Process.ComplainAsync($"{call.Operands[0]}: applet not found\n");
            return;
        }

        call.Process.Arguments = call.Operands;
        call.Status = await program.RunAsync(call.Process);
    }
}
