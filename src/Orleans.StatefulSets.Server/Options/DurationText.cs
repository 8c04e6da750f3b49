using System.Globalization;
using System.Text.RegularExpressions;

namespace Orleans.StatefulSets.Server.Options;

/// <summary>Durations as Go and Kubernetes write them: <c>1.5s</c>, <c>200ms</c>, <c>1h30m</c>; a bare <c>0</c> is zero.</summary>
internal static partial class DurationText
{
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text == "0")
        {
            return true;
        }

        var match = Shape().Match(text);
        if (!match.Success)
        {
            return false;
        }

        var parts = match.Groups["number"].Captures.Zip(match.Groups["unit"].Captures);
        var milliseconds = parts.Sum(part => double.Parse(part.First.Value, CultureInfo.InvariantCulture) * MillisecondsOf(part.Second.Value));
        if (milliseconds >= TimeSpan.MaxValue.TotalMilliseconds)
        {
            return false;
        }

        duration = TimeSpan.FromMilliseconds(milliseconds);
        return true;
    }

    public static string Write(TimeSpan duration) => duration switch
    {
        { Ticks: 0 } => "0",
        _ when duration.TotalHours % 1 == 0 => $"{duration.TotalHours.ToString(CultureInfo.InvariantCulture)}h",
        _ when duration.TotalMinutes % 1 == 0 => $"{duration.TotalMinutes.ToString(CultureInfo.InvariantCulture)}m",
        _ when duration.TotalSeconds >= 1 => $"{duration.TotalSeconds.ToString(CultureInfo.InvariantCulture)}s",
        _ => $"{duration.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)}ms",
    };

    private static double MillisecondsOf(string unit) => unit switch
    {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        _ => 3_600_000,
    };

    [GeneratedRegex(@"\A(?:(?<number>[0-9]{1,9}(?:\.[0-9]{1,9})?)(?<unit>ms|s|m|h))+\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Shape();
}
