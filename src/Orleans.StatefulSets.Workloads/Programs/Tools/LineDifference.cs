namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>The shortest script that makes one list of lines another (Myers' algorithm), bounded in work.</summary>
internal static class LineDifference
{
    private const int MostWork = 4000;

    /// <summary>Which lines of each side have no partner on the other.</summary>
    public static (bool[] Removed, bool[] Added) Of(IReadOnlyList<string> one, IReadOnlyList<string> other, StringComparer comparer)
    {
        var start = 0;
        while (start < one.Count && start < other.Count && comparer.Equals(one[start], other[start]))
        {
            start++;
        }

        var end = 0;
        while (end < one.Count - start && end < other.Count - start && comparer.Equals(one[^(end + 1)], other[^(end + 1)]))
        {
            end++;
        }

        var (removed, added) = (new bool[one.Count], new bool[other.Count]);
        removed.AsSpan(start, one.Count - start - end).Fill(true);
        added.AsSpan(start, other.Count - start - end).Fill(true);
        foreach (var (left, right) in Pairs(one, other, start, one.Count - end, other.Count - end, comparer))
        {
            removed[left] = false;
            added[right] = false;
        }

        return (removed, added);
    }

    private static IEnumerable<(int Left, int Right)> Pairs(IReadOnlyList<string> one, IReadOnlyList<string> other, int start, int oneEnd, int otherEnd, StringComparer comparer)
    {
        var (width, height) = (oneEnd - start, otherEnd - start);
        if (width == 0 || height == 0)
        {
            return [];
        }

        var most = Math.Min(width + height, MostWork);
        var furthest = new int[(2 * most) + 3];
        var trace = new List<int[]>();
        for (var distance = 0; distance <= most; distance++)
        {
            trace.Add(furthest.AsSpan(most + 1 - distance - 1, (2 * distance) + 3).ToArray());
            for (var diagonal = -distance; diagonal <= distance; diagonal += 2)
            {
                var at = most + 1 + diagonal;
                var x = diagonal == -distance || (diagonal != distance && furthest[at - 1] < furthest[at + 1]) ? furthest[at + 1] : furthest[at - 1] + 1;
                while (x < width && x - diagonal < height && x - diagonal >= 0 && comparer.Equals(one[start + x], other[start + x - diagonal]))
                {
                    x++;
                }

                furthest[at] = x;
                if (x >= width && x - diagonal >= height)
                {
                    return Back(trace, width, height, start);
                }
            }
        }

        // Too different to be worth the work: everything is taken off and added anew.
        return [];
    }

    private static List<(int Left, int Right)> Back(List<int[]> trace, int width, int height, int start)
    {
        var pairs = new List<(int Left, int Right)>();
        var (x, y) = (width, height);
        for (var distance = trace.Count - 1; distance >= 0; distance--)
        {
            var (before, diagonal) = (trace[distance], x - y);
            int At(int k) => before[k + distance + 1];
            var down = diagonal == -distance || (diagonal != distance && At(diagonal - 1) < At(diagonal + 1));
            var previous = down ? diagonal + 1 : diagonal - 1;
            var fromX = distance == 0 ? 0 : At(previous);
            var fromY = distance == 0 ? 0 : fromX - previous;
            // The end of the step from the smaller distance; from there on it went diagonally, by equal lines.
            var stepX = distance == 0 || down ? fromX : fromX + 1;
            while (x > stepX)
            {
                x--;
                y--;
                pairs.Add((start + x, start + y));
            }

            (x, y) = (fromX, fromY);
        }

        return pairs;
    }
}
