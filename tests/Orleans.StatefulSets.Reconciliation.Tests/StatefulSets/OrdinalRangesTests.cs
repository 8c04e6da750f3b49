using Orleans.StatefulSets.Reconciliation.StatefulSets;

namespace Orleans.StatefulSets.Reconciliation.Tests.StatefulSets;

public sealed class OrdinalRangesTests
{
    [Fact]
    public void Random_removals_and_additions_leave_what_a_plain_set_would_hold()
    {
        var chance = new Random(7);
        var ranges = new OrdinalRanges(3, 40);
        var plain = new SortedSet<int>(Enumerable.Range(3, 38));
        for (var step = 0; step < 4000; step++)
        {
            var ordinal = chance.Next(3, 41);
            if (chance.Next(2) == 0)
            {
                ranges.Remove(ordinal);
                plain.Remove(ordinal);
            }
            else
            {
                ranges.Add(ordinal);
                plain.Add(ordinal);
            }

            Assert.Equal(plain, ranges.Ascending());
            Assert.Equal(plain.Count, ranges.Count);
            Assert.Equal(plain.Count == 0 ? null : plain.Min, ranges.First);
            Assert.Equal(plain.Count == 0 ? null : plain.Max, ranges.Last);
            Assert.Equal(plain.Contains(ordinal + 1), ranges.Contains(ordinal + 1));
        }
    }

    [Fact]
    public void Two_billion_missing_ordinals_cost_one_range()
    {
        var ranges = new OrdinalRanges(0, int.MaxValue);

        ranges.Remove(int.MaxValue);
        ranges.Remove(1);
        ranges.Add(int.MaxValue);

        Assert.Equal(int.MaxValue, ranges.Count);
        Assert.Equal([0, 2, 3], ranges.Ascending().Take(3));
        Assert.Equal(int.MaxValue, ranges.Last);
    }
}
