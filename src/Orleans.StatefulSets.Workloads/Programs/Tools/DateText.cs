using System.Globalization;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>Dates as busybox reads and writes them; all of them UTC, as in a container without TZ.</summary>
internal static class DateText
{
    private static readonly string[] Formats =
    [
        "H:mm", "H:mm:ss", "M.d-H:mm", "M.d-H:mm:ss", "yyyy.M.d-H:mm", "yyyy.M.d-H:mm:ss", "yyyy-M-d H:mm", "yyyy-M-d H:mm:ss", "yyyy-M-d",
        "MMddHHmm", "yyMMddHHmm", "yyyyMMddHHmm", "MMddHHmm.ss", "yyMMddHHmm.ss", "yyyyMMddHHmm.ss", "yyyy-M-dTH:mm:ss", "yyyy-M-dTH:mm:ssZ",
    ];

    /// <summary>The time that a text names, or null.</summary>
    public static DateTime? Parse(string text, DateTime now)
    {
        if (text.StartsWith('@'))
        {
            return long.TryParse(text.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) && Math.Abs(seconds) < 100_000_000_000
                ? DateTime.UnixEpoch.AddSeconds(seconds)
                : null;
        }

        const DateTimeStyles styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.NoCurrentDateDefault;
        foreach (var format in Formats)
        {
            if (DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, styles, out var time))
            {
                return format[0] switch
                {
                    'H' => now.Date + time.TimeOfDay,
                    'M' => new DateTime(now.Year, time.Month, time.Day, 0, 0, 0, DateTimeKind.Utc) + time.TimeOfDay,
                    _ => time,
                };
            }
        }

        return null;
    }

    /// <summary>A time by a <c>strftime(3)</c> format in the C locale.</summary>
    public static string Format(string format, DateTime time)
    {
        var text = new System.Text.StringBuilder();
        for (var index = 0; index < format.Length; index++)
        {
            if (format[index] != '%' || index + 1 == format.Length)
            {
                text.Append(format[index]);
                continue;
            }

            var flag = format[index + 1] is '-' or '_' or '0' && index + 2 < format.Length ? format[++index] : '\0';
            var part = Part(format[++index], time);
            text.Append(flag switch
            {
                '-' => part.TrimStart('0', ' ') is { Length: > 0 } trimmed ? trimmed : "0",
                '_' when part.Length > 1 && part[0] == '0' => " " + part[1..],
                '0' => part.Replace(' ', '0'),
                _ => part,
            });
        }

        return text.ToString();
    }

    private static string Part(char letter, DateTime time) => letter switch
    {
        'a' => Of(time, "ddd"),
        'A' => Of(time, "dddd"),
        'b' or 'h' => Of(time, "MMM"),
        'B' => Of(time, "MMMM"),
        'c' => Format("%a %b %e %H:%M:%S %Y", time),
        'C' => $"{time.Year / 100:00}",
        'd' => Of(time, "dd"),
        'D' or 'x' => Of(time, "MM'/'dd'/'yy"),
        'e' => $"{time.Day,2}",
        'F' => Of(time, "yyyy-MM-dd"),
        'g' => $"{ISOWeek.GetYear(time) % 100:00}",
        'G' => $"{ISOWeek.GetYear(time)}",
        'H' => Of(time, "HH"),
        'I' => Of(time, "hh"),
        'j' => $"{time.DayOfYear:000}",
        'k' => $"{time.Hour,2}",
        'l' => $"{((time.Hour + 11) % 12) + 1,2}",
        'm' => Of(time, "MM"),
        'M' => Of(time, "mm"),
        'n' => "\n",
        'N' => $"{time.Ticks % TimeSpan.TicksPerSecond * 100:000000000}",
        'p' => time.Hour < 12 ? "AM" : "PM",
        'P' => time.Hour < 12 ? "am" : "pm",
        'r' => Format("%I:%M:%S %p", time),
        'R' => Of(time, "HH:mm"),
        's' => ((long)Math.Floor((time - DateTime.UnixEpoch).TotalSeconds)).ToString(CultureInfo.InvariantCulture),
        'S' => Of(time, "ss"),
        't' => "\t",
        'T' or 'X' => Of(time, "HH:mm:ss"),
        'u' => $"{(time.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)time.DayOfWeek)}",
        'U' => $"{(time.DayOfYear + 6 - (int)time.DayOfWeek) / 7:00}",
        'V' => $"{ISOWeek.GetWeekOfYear(time):00}",
        'w' => $"{(int)time.DayOfWeek}",
        'W' => $"{(time.DayOfYear + 6 - (((int)time.DayOfWeek + 6) % 7)) / 7:00}",
        'y' => Of(time, "yy"),
        'Y' => time.Year.ToString(CultureInfo.InvariantCulture),
        'z' => "+0000",
        'Z' => "UTC",
        '%' => "%",
        _ => $"%{letter}",
    };

    private static string Of(DateTime time, string format) => time.ToString(format, CultureInfo.InvariantCulture);
}
