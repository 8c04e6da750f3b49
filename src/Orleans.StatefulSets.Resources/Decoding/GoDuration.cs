using System.Globalization;

namespace Orleans.StatefulSets.Resources.Decoding;

/// <summary>Durations as manifests have them (Go's <c>time.ParseDuration</c>): <c>300ms</c>, <c>1.5s</c>, <c>1h10m</c>.</summary>
public static class GoDuration
{
    // As long as no text of a sensible length can overflow.
    private const int MostLetters = 32;
    private static readonly TimeSpan Most = TimeSpan.FromDays(36_500);

    private static readonly (string Unit, double Ticks)[] Units =
    [
        ("ns", TimeSpan.TicksPerMicrosecond / 1000d), ("us", TimeSpan.TicksPerMicrosecond), ("µs", TimeSpan.TicksPerMicrosecond), ("ms", TimeSpan.TicksPerMillisecond),
        ("s", TimeSpan.TicksPerSecond), ("m", TimeSpan.TicksPerMinute), ("h", TimeSpan.TicksPerHour),
    ];

    /// <summary>Reads a duration that is not negative, and not longer than a hundred years.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text is "0")
        {
            return true;
        }

        if (string.IsNullOrEmpty(text) || text.Length > MostLetters)
        {
            return false;
        }

        var ticks = 0d;
        for (var rest = text.AsSpan(); rest.Length > 0;)
        {
            var digits = rest.IndexOfAnyExcept("0123456789.");
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount))
            {
                return false;
            }

            rest = rest[digits..];
            var letters = rest.IndexOfAny("0123456789.");
            var unit = (letters < 0 ? rest : rest[..letters]).ToString();
            if (Array.Find(Units, known => known.Unit == unit) is not { Unit: not null } found)
            {
                return false;
            }

            ticks += amount * found.Ticks;
            rest = rest[unit.Length..];
        }

        if (ticks > Most.Ticks)
        {
            return false;
        }

        duration = TimeSpan.FromTicks((long)ticks);
        return true;
    }
}
