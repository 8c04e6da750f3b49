using System.Globalization;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>The order that sort's options ask for: by keys, then by the whole line unless it is to be stable.</summary>
internal sealed class SortOrder : IComparer<string>
{
    private const string Flags = "nrgMbdfihV";
    private readonly List<Key> keys = [];
    private readonly string global;
    private readonly char? separator;
    private readonly bool lastResort;

    private SortOrder(ToolCall call)
    {
        global = string.Concat(Flags.Where(call.Has));
        separator = call.Value('t') is not { } text ? null : text.Length == 1 ? text[0] : text == "\\0" ? '\0' : throw new UsageException("bad -t parameter", withUsage: false);
        lastResort = !call.Options.HasAny("su");
        keys.AddRange(call.Options.Values('k').Select(Parse));
        if (keys.Count == 0)
        {
            keys.Add(new Key(1, 0, int.MaxValue, 0, global));
        }
    }

    /// <summary>A part of a line: fields and letters count from 1; an end letter of 0 is the field's end.</summary>
    private sealed record Key(int Field, int Letter, int EndField, int EndLetter, string Flags);

    public static SortOrder Of(ToolCall call) => new(call);

    public int Compare(string? x, string? y)
    {
        var compared = CompareKeys(x!, y!);
        if (compared != 0 || !lastResort)
        {
            return compared;
        }

        compared = string.CompareOrdinal(x, y);
        return global.Contains('r') ? -compared : compared;
    }

    public int CompareKeys(string one, string other)
    {
        foreach (var key in keys)
        {
            var compared = Compare(Part(one, key), Part(other, key), key.Flags);
            if (compared != 0)
            {
                return key.Flags.Contains('r') ? -compared : compared;
            }
        }

        return 0;
    }

    private Key Parse(string text)
    {
        var comma = text.IndexOf(',', StringComparison.Ordinal);
        var (field, letter, flags) = Position(comma < 0 ? text : text[..comma]);
        var (endField, endLetter, endFlags) = comma < 0 ? (int.MaxValue, 0, "") : Position(text[(comma + 1)..]);
        flags += endFlags;
        return new Key(field, letter, endField, endLetter, flags.Length > 0 ? flags : global);
    }

    private static (int Field, int Letter, string Flags) Position(string text)
    {
        var digits = text.TakeWhile(char.IsAsciiDigit).Count();
        var rest = text[digits..];
        var letter = 0;
        if (rest.StartsWith('.'))
        {
            var more = rest.Skip(1).TakeWhile(char.IsAsciiDigit).Count();
            _ = int.TryParse(rest.AsSpan(1, more), NumberStyles.None, CultureInfo.InvariantCulture, out letter);
            rest = rest[(1 + more)..];
        }

        if (!int.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var field) || field == 0)
        {
            throw new UsageException("bad field specification", withUsage: false);
        }

        return rest.All(flag => Flags.Contains(flag, StringComparison.Ordinal)) ? (field, letter, rest) : throw new UsageException("unknown key option", withUsage: false);
    }

    private string Part(string line, Key key)
    {
        if (key is { Field: 1, Letter: 0, EndField: int.MaxValue })
        {
            return line;
        }

        var start = FieldStart(line, key.Field - 1);
        if (key.Flags.Contains('b'))
        {
            start = SkipBlanks(line, start);
        }

        start = Math.Min(line.Length, start + Math.Max(0, key.Letter - 1));
        var end = line.Length;
        if (key.EndField != int.MaxValue)
        {
            var field = FieldStart(line, key.EndField - 1);
            end = key.EndLetter > 0 ? Math.Min(line.Length, (key.Flags.Contains('b') ? SkipBlanks(line, field) : field) + key.EndLetter) : FieldEnd(line, field);
        }

        return end > start ? line[start..end] : "";
    }

    private int FieldStart(string line, int index)
    {
        var at = 0;
        for (; index > 0 && at < line.Length; index--)
        {
            at = FieldEnd(line, at);
            at += separator is not null && at < line.Length ? 1 : 0;
        }

        return index > 0 ? line.Length : at;
    }

    private int FieldEnd(string line, int start)
    {
        if (separator is { } mark)
        {
            return line.IndexOf(mark, start) is var at and >= 0 ? at : line.Length;
        }

        var end = SkipBlanks(line, start);
        while (end < line.Length && line[end] is not (' ' or '\t'))
        {
            end++;
        }

        return end;
    }

    private static int SkipBlanks(string line, int at)
    {
        while (at < line.Length && (line[at] is ' ' or '\t'))
        {
            at++;
        }

        return at;
    }

    private static int Compare(string one, string other, string flags)
    {
        if (flags.AsSpan().IndexOfAny("ngh") >= 0)
        {
            return Number(one, flags).CompareTo(Number(other, flags));
        }

        if (flags.Contains('M'))
        {
            return Month(one).CompareTo(Month(other));
        }

        if (flags.Contains('V'))
        {
            return VersionOrder.Compare(one, other);
        }

        return string.CompareOrdinal(Folded(one, flags), Folded(other, flags));
    }

    private static string Folded(string text, string flags)
    {
        text = flags.Contains('b') ? text.TrimStart(' ', '\t') : text;
        text = flags.Contains('d') ? string.Concat(text.Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is ' ' or '\t')) : text;
        text = flags.Contains('i') ? string.Concat(text.Where(letter => letter is >= ' ' and < (char)127)) : text;
        return flags.Contains('f') ? text.ToUpperInvariant() : text;
    }

    private static double Number(string text, string flags)
    {
        text = text.TrimStart(' ', '\t');
        var at = text.StartsWith('-') || (flags.Contains('g') && text.StartsWith('+')) ? 1 : 0;
        var exponent = flags.Contains('g');
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '.' || (exponent && text[at] is 'e' or 'E' or '-' or '+')))
        {
            at++;
        }

        var value = double.TryParse(text.AsSpan(0, at), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var unit = flags.Contains('h') && at < text.Length ? "KMGTPE".IndexOf(char.ToUpperInvariant(text[at]), StringComparison.Ordinal) + 1 : 0;
        return value * Math.Pow(1024, unit);
    }

    private static int Month(string text)
    {
        var name = text.TrimStart(' ', '\t');
        return name.Length < 3 ? 0 : ("JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC".IndexOf(name[..3].ToUpperInvariant(), StringComparison.Ordinal) / 3) + 1;
    }
}
