using System.Globalization;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Http;

/// <summary>What a client asks under a condition, or only in part (RFC 9110).</summary>
internal static class Conditions
{
    /// <summary>What the client's conditions make of a response: 412, 304, or 200 to go on.</summary>
    /// <param name="request">What the client knows.</param>
    /// <param name="modified">When the file changed last.</param>
    /// <param name="tag">Its entity tag.</param>
    /// <param name="exact">Whether only the very moment counts, as nginx has it, or any from it on.</param>
    public static int Evaluate(HttpRequest request, DateTime modified, string tag, bool exact)
    {
        var changed = new DateTime(modified.Ticks - (modified.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);
        if (request.Header("If-Match") is { } wanted ? !Lists(wanted, tag, weakly: false) : HttpResponse.ParseDate(request.Header("If-Unmodified-Since")) is { } since && changed > since)
        {
            return 412;
        }

        if (request.Header("If-None-Match") is { } known)
        {
            return Lists(known, tag, weakly: true) ? 304 : 200;
        }

        return HttpResponse.ParseDate(request.Header("If-Modified-Since")) is { } moment && (exact ? changed == moment : changed <= moment) ? 304 : 200;
    }

    /// <summary>The part that the client asks for.</summary>
    /// <returns>Null for all of it (also where several parts are asked for); a length of 0 where there is no such part.</returns>
    public static (long Start, long Length)? RangeOf(HttpRequest request, long length, DateTime modified, string tag)
    {
        const string unit = "bytes=";
        if (request.Header("Range") is not { } range || !range.StartsWith(unit, StringComparison.OrdinalIgnoreCase) || range.Contains(',') || length == 0 || !Holds(request.Header("If-Range"), modified, tag))
        {
            return null;
        }

        var dash = range.IndexOf('-', StringComparison.Ordinal);
        var (first, last) = dash < 0 ? ("", "") : (range[unit.Length..dash].Trim(), range[(dash + 1)..].Trim());
        var hasStart = long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var start);
        var hasEnd = long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var end);
        if ((first.Length > 0 && !hasStart) || (last.Length > 0 && !hasEnd) || (!hasStart && !hasEnd))
        {
            return (0, 0);
        }

        if (!hasStart)
        {
            return (Math.Max(0, length - end), Math.Min(end, length));
        }

        end = hasEnd ? Math.Min(end, length - 1) : length - 1;
        return start >= length || end < start ? (0, 0) : (start, end - start + 1);
    }

    private static bool Holds(string? condition, DateTime modified, string tag) =>
        condition is null || condition == tag || (HttpResponse.ParseDate(condition) is { } moment && moment == new DateTime(modified.Ticks - (modified.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc));

    private static bool Lists(string tags, string tag, bool weakly) =>
        tags.Trim() == "*" || tags.Split(',').Select(one => one.Trim()).Any(one => one == tag || (weakly && one == "W/" + tag));
}
