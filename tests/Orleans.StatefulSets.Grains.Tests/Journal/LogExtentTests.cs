using Orleans.StatefulSets.Grains.Journal;

namespace Orleans.StatefulSets.Grains.Tests.Journal;

public sealed class LogExtentTests
{
    [Fact]
    public void A_log_of_small_revisions_is_trimmed_at_twice_what_it_keeps()
    {
        var log = new LogExtent(keptRevisions: 10, maxBytes: 1_000_000);
        log.Begin(forgottenUpTo: 100, revision: 100);

        Add(log, 101, 120, bytes: 1);
        Assert.Null(log.Overdue());
        Add(log, 121, 121, bytes: 1);

        Assert.Equal(111, log.Overdue());
    }

    [Fact]
    public void A_log_of_large_revisions_is_trimmed_by_its_bytes_to_half_of_them()
    {
        var log = new LogExtent(keptRevisions: 10_000, maxBytes: 1000);
        log.Begin(forgottenUpTo: 0, revision: 0);

        Add(log, 1, 10, bytes: 100);
        Assert.Null(log.Overdue());
        Add(log, 11, 11, bytes: 100);

        Assert.Equal(6, log.Overdue());
        log.Trimmed(6);
        Assert.Equal((500, null), (log.Bytes, log.Overdue()));
    }

    [Fact]
    public void One_revision_larger_than_the_bound_goes_too()
    {
        var log = new LogExtent(keptRevisions: 10_000, maxBytes: 1000);
        log.Begin(forgottenUpTo: 6, revision: 6);

        Add(log, 7, 7, bytes: 5000);

        Assert.Equal(7, log.Overdue());
    }

    [Fact]
    public void What_a_holder_before_left_counts_in_revisions()
    {
        var log = new LogExtent(keptRevisions: 10, maxBytes: 1000);

        log.Begin(forgottenUpTo: 0, revision: 21);

        Assert.Equal(11, log.Overdue());
    }

    [Fact]
    public void However_long_it_goes_on_what_is_remembered_of_it_stays_within_its_bound()
    {
        var log = new LogExtent(keptRevisions: 100, maxBytes: 10_000);
        for (var revision = 1L; revision < 100_000; revision++)
        {
            log.Add(revision, 7);
            if (log.Overdue() is { } upTo)
            {
                log.Trimmed(upTo);
            }

            Assert.InRange(log.Bytes, 0, 10_000);
        }
    }

    private static void Add(LogExtent log, long from, long to, int bytes)
    {
        for (var revision = from; revision <= to; revision++)
        {
            log.Add(revision, bytes);
        }
    }
}
