using System.Globalization;

namespace Orleans.StatefulSets.Resources.Columns;

/// <summary>apimachinery's <c>duration.HumanDuration</c>: an age in at most three digits of precision, the steps exactly as kubectl prints them.</summary>
public static class HumanDuration
{
    private const string Unknown = "<unknown>";

    /// <summary>The age of something that happened at <paramref name="then"/>; <c>&lt;unknown&gt;</c> when it never did.</summary>
    public static string Since(DateTime? then, DateTime now) => then is { } moment ? Of(now - moment) : Unknown;

    /// <summary>The duration's text: <c>5s</c>, <c>2m30s</c>, <c>3h5m</c>, <c>2d4h</c>, <c>2y10d</c> ….</summary>
    public static string Of(TimeSpan duration)
    {
        var seconds = (long)duration.TotalSeconds;
        return seconds switch
        {
            // A clock that is a little behind is no reason to say so.
            < -1 => "<invalid>",
            < 0 => "0s",
            < 60 * 2 => $"{seconds}s",
            < 60 * 180 => Minutes(seconds),
            < 3600 * 48 => Hours(seconds),
            _ => Days(seconds),
        };
    }

    private static string Minutes(long seconds)
    {
        var minutes = seconds / 60;
        return minutes < 10 ? Two(minutes, 'm', seconds % 60, 's') : $"{minutes}m";
    }

    private static string Hours(long seconds)
    {
        var hours = seconds / 3600;
        return hours < 8 ? Two(hours, 'h', seconds / 60 % 60, 'm') : $"{hours}h";
    }

    private static string Days(long seconds)
    {
        var hours = seconds / 3600;
        var days = hours / 24;
        return days switch
        {
            < 8 => Two(days, 'd', hours % 24, 'h'),
            < 365 * 2 => $"{days}d",
            < 365 * 8 => Two(days / 365, 'y', days % 365, 'd'),
            _ => $"{days / 365}y",
        };
    }

    private static string Two(long large, char largeUnit, long small, char smallUnit) => small == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{large}{largeUnit}")
        : string.Create(CultureInfo.InvariantCulture, $"{large}{largeUnit}{small}{smallUnit}");
}
