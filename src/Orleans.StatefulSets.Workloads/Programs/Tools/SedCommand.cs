using System.Text.RegularExpressions;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>Where a sed command applies.</summary>
/// <param name="Line">A line's number; 0 for none.</param>
/// <param name="Pattern">What the line must match.</param>
/// <param name="IsLast">The last line.</param>
/// <param name="Step">Of <c>first~step</c>.</param>
/// <param name="Follow">Of <c>addr,+N</c>.</param>
internal sealed record SedAddress(long Line = 0, Regex? Pattern = null, bool IsLast = false, long Step = -1, long Follow = -1)
{
    /// <summary>The empty pattern: the last one used.</summary>
    public bool UsesLast { get; init; }
}

/// <summary>One command of a sed script.</summary>
internal sealed class SedCommand
{
    public SedAddress? From { get; init; }

    public SedAddress? To { get; init; }

    public bool Negated { get; init; }

    public char Name { get; init; }

    /// <summary>The text of a, i, c; the label of b, t, T; the file of r, w; the set of y.</summary>
    public string Text { get; init; } = "";

    /// <summary>The replacement of s; the other set of y.</summary>
    public string Replacement { get; init; } = "";

    public Regex? Pattern { get; init; }

    public bool Global { get; init; }

    public bool Print { get; init; }

    /// <summary>Which match s replaces first.</summary>
    public int Occurrence { get; init; } = 1;

    /// <summary>Where a block ends.</summary>
    public int End { get; set; }

    /// <summary>Whether its range has begun, and where it ends.</summary>
    public bool InRange { get; set; }

    public long RangeEnd { get; set; }
}
