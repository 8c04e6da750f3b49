using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>nproc: processors of the emulated node.</summary>
internal sealed class NprocTool() : Tool("ai: all=a ignore=i", "[--all] [--ignore=N]", "nproc")
{
    private const int Processors = 4;

    protected override ValueTask RunAsync(ToolCall call) =>
        call.WriteLineAsync($"{Math.Max(1, Processors - (call.Value('i') is { } ignored ? ToolCall.Number(ignored) : 0))}");
}

/// <summary>free: memory of the emulated node.</summary>
internal sealed class FreeTool() : Tool("bkmgh", "[-bkmgh]", "free")
{
    private const long Total = 8L << 30;

    protected override async ValueTask RunAsync(ToolCall call)
    {
        var unit = call.Options.LastOf("bkmg") switch { 'b' => 1L, 'm' => 1L << 20, 'g' => 1L << 30, _ => 1L << 10 };
        var (used, cached) = (Total / 8, Total / 4);
        string Shown(long bytes) => call.Has('h') ? LsFormat.Human(bytes) : $"{bytes / unit}";
        string Row(params long[] columns) => string.Concat(columns.Select(value => $"{Shown(value),12}"));
        await call.WriteLineAsync("              total        used        free      shared  buff/cache   available");
        await call.WriteLineAsync("Mem:   " + Row(Total, used, Total - used - cached, 0, cached, Total - used));
        await call.WriteLineAsync("Swap:  " + Row(0, 0, 0));
    }
}

/// <summary>uptime: how long the emulated node has run: since the day began.</summary>
internal sealed class UptimeTool() : Tool("", "", "uptime")
{
    protected override ValueTask RunAsync(ToolCall call)
    {
        var now = call.Clock.GetUtcNow().UtcDateTime;
        var up = now.TimeOfDay;
        var text = up.TotalHours >= 1 ? $"{up.Hours,2}:{up.Minutes:00}" : $"{up.Minutes} min";
        return call.WriteLineAsync($" {DateText.Format("%H:%M:%S", now)} up {text},  0 users,  load average: 0.00, 0.00, 0.00");
    }
}

/// <summary>clear: empties a terminal's screen.</summary>
internal sealed class ClearTool() : Tool("", "", "clear", "reset")
{
    protected override ValueTask RunAsync(ToolCall call) => call.WriteAsync("\u001b[H\u001b[J");
}

/// <summary>pwd: the working directory.</summary>
internal sealed class PwdTool() : Tool("LP", "[-LP]", "pwd")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        try
        {
            await call.WriteLineAsync(call.Has('P') ? await call.Files.RealPathAsync(call.By, ".") : call.Process.WorkingDirectory);
        }
        catch (FileException failure)
        {
            await call.FailAsync($"getcwd: {failure.Message}");
        }
    }
}

/// <summary>tty: the terminal at standard input.</summary>
internal sealed class TtyTool() : Tool("s", "[-s]", "tty")
{
    protected override ValueTask RunAsync(ToolCall call)
    {
        var isTerminal = call.Process.Input?.IsTerminal == true;
        call.Status = isTerminal ? 0 : 1;
        return call.Has('s') ? default : call.WriteLineAsync(isTerminal ? "/dev/tty" : "not a tty");
    }
}

/// <summary>yes: a line again and again.</summary>
internal sealed class YesTool() : Tool("+", "[STRING]", "yes")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        var line = (call.Operands.Count == 0 ? "y" : string.Join(' ', call.Operands)) + "\n";
        while (true)
        {
            await call.Process.StepAsync();
            await call.WriteAsync(line);
        }
    }
}
