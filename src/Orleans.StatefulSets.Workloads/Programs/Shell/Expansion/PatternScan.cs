using System.Collections;
using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Programs.Shell.Expansion;

/// <summary>Finds which beginnings of a text a pattern matches, in one pass over the text: all ways to match are followed at once.</summary>
internal sealed class PatternScan
{
    // States times characters: what a pod may hold its scheduler for.
    private const long MostWork = 50_000_000;
    private readonly BitArray?[] states;

    private PatternScan(BitArray?[] states) => this.states = states;

    /// <summary>Whether it begins with a star, so that what does not match here does not match further on.</summary>
    public bool IsOpen => states.Length > 0 && states[0] is null;

    /// <summary>Reads a pattern.</summary>
    public static PatternScan Of(ReadOnlySpan<char> pattern)
    {
        var states = new List<BitArray?>();
        for (var p = 0; p < pattern.Length;)
        {
            var next = p + 1;
            states.Add(Pattern.IsStar(pattern[p]) ? null : Pattern.SetAt(pattern, p, out next));
            p = next;
        }

        return new PatternScan([.. states]);
    }

    /// <summary>The same pattern for texts read backwards.</summary>
    public PatternScan Reversed() => new([.. states.Reverse()]);

    /// <summary>The length of the shortest or longest beginning that it matches; null for none.</summary>
    public int? Prefix(ReadOnlySpan<char> text, bool isLongest)
    {
        if ((long)text.Length * states.Length > MostWork)
        {
            throw new FileException(Errno.ENOMEM);
        }

        var (now, next) = (new bool[states.Length + 1], new bool[states.Length + 1]);
        Enter(now, 0);
        int? found = null;
        for (var at = 0; ; at++)
        {
            if (now[^1])
            {
                found = at;
                if (!isLongest)
                {
                    return found;
                }
            }

            if (at == text.Length || !Advance(now, next, text[at]))
            {
                return found;
            }

            (now, next) = (next, now);
            Array.Clear(next);
        }
    }

    private bool Advance(bool[] now, bool[] next, char c)
    {
        var isAlive = false;
        for (var state = 0; state < states.Length; state++)
        {
            if (!now[state])
            {
                continue;
            }

            if (states[state] is not { } set)
            {
                Enter(next, state);
                isAlive = true;
            }
            else if (set[c & 0xFF])
            {
                Enter(next, state + 1);
                isAlive = true;
            }
        }

        return isAlive;
    }

    /// <summary>Comes to a state, and to those behind it that cost no character.</summary>
    private void Enter(bool[] reached, int state)
    {
        reached[state] = true;
        while (state < states.Length && states[state] is null)
        {
            reached[++state] = true;
        }
    }
}
