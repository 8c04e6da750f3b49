using System.Globalization;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>sleep: waits on the simulated clock.</summary>
internal sealed class SleepTool() : Tool("+", "[N]...", "sleep")
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(24);

    protected override async ValueTask RunAsync(ToolCall call)
    {
        if (call.Operands.Count == 0)
        {
            throw new UsageException();
        }

        var seconds = call.Operands.Sum(Seconds);
        while (seconds > 0)
        {
            // A timer reaches some weeks; whoever sleeps longer sleeps again.
            var part = Math.Min(seconds, Longest.TotalSeconds);
            await Task.Delay(TimeSpan.FromSeconds(part), call.Clock, call.Process.Killed);
            seconds -= part;
        }
    }

    /// <summary>Seconds of a number with s, m, h or d behind it, or of <c>infinity</c>.</summary>
    internal static double Seconds(string text)
    {
        var digits = text.TrimEnd('s', 'm', 'h', 'd');
        var unit = text[digits.Length..] switch { "" or "s" => 1, "m" => 60, "h" => 3600, "d" => 86_400, _ => 0 };
        if (text is "inf" or "infinity")
        {
            return double.MaxValue;
        }

        return unit > 0 && double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number * unit
            : throw new UsageException($"invalid number '{text}'", withUsage: false);
    }
}
