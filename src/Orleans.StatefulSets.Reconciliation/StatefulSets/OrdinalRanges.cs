namespace Orleans.StatefulSets.Reconciliation.StatefulSets;

/// <summary>A set of ordinals kept as ranges: a billion missing ones cost as much as one. Each operation is O(log ranges).</summary>
internal sealed class OrdinalRanges
{
    // Disjoint and never touching, ordered by their first ordinal; a search asks with a range of one ordinal.
    private readonly SortedSet<Range> ranges = [];

    internal OrdinalRanges(int first, int last)
    {
        if (first <= last)
        {
            ranges.Add(new Range(first, last));
            Count = (long)last - first + 1;
        }
    }

    internal long Count { get; private set; }

    internal int? First => ranges.Count == 0 ? null : ranges.Min.First;

    internal int? Last => ranges.Count == 0 ? null : ranges.Max.Last;

    internal bool Contains(int ordinal) => Floor(ordinal) is { } range && range.Last >= ordinal;

    internal void Remove(int ordinal)
    {
        if (Floor(ordinal) is not { } range || range.Last < ordinal)
        {
            return;
        }

        ranges.Remove(range);
        Count--;
        AddRange(range.First, ordinal - 1L);
        AddRange(ordinal + 1L, range.Last);
    }

    internal void Add(int ordinal)
    {
        if (Contains(ordinal))
        {
            return;
        }

        long first = ordinal;
        long last = ordinal;
        if (Floor(ordinal) is { } before && before.Last == ordinal - 1L)
        {
            ranges.Remove(before);
            first = before.First;
        }

        if (ordinal < int.MaxValue && Floor(ordinal + 1) is { } after && after.First == ordinal + 1)
        {
            ranges.Remove(after);
            last = after.Last;
        }

        Count++;
        AddRange(first, last);
    }

    /// <summary>Ascending, without an end: the caller takes what it needs.</summary>
    internal IEnumerable<int> Ascending()
    {
        foreach (var range in ranges)
        {
            for (long ordinal = range.First; ordinal <= range.Last; ordinal++)
            {
                yield return (int)ordinal;
            }
        }
    }

    private Range? Floor(int ordinal)
    {
        if (ranges.Count == 0 || ranges.Min.First > ordinal)
        {
            return null;
        }

        return ranges.GetViewBetween(ranges.Min, new Range(ordinal, ordinal)).Max;
    }

    private void AddRange(long first, long last)
    {
        if (first <= last)
        {
            ranges.Add(new Range((int)first, (int)last));
        }
    }

    private readonly record struct Range(int First, int Last) : IComparable<Range>
    {
        public int CompareTo(Range other) => First.CompareTo(other.First);
    }
}
