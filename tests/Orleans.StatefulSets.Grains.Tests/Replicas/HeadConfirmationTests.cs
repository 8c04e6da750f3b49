using Microsoft.Extensions.Time.Testing;
using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Grains.Replicas;

namespace Orleans.StatefulSets.Grains.Tests.Replicas;

public sealed class HeadConfirmationTests
{
    [Fact]
    public async Task Whoever_comes_while_a_question_is_under_way_waits_for_the_next_one()
    {
        List<TaskCompletionSource<long>> asked = [];
        var replica = new Replica(new JournalOptions(), _ =>
        {
            asked.Add(new TaskCompletionSource<long>());
            return asked[^1].Task;
        }, TimeProvider.System);
        replica.Load([], 5);
        var first = replica.WaitForHeadAsync(CancellationToken.None);
        var second = replica.WaitForHeadAsync(CancellationToken.None);
        var third = replica.WaitForHeadAsync(CancellationToken.None);

        Assert.Single(asked);
        asked[0].SetResult(5);
        await first;
        await UntilAsync(() => asked.Count == 2);
        Assert.False(second.IsCompleted || third.IsCompleted);
        asked[1].SetResult(5);
        await second;
        await third;
        Assert.Equal(2, asked.Count);
    }

    [Fact]
    public async Task A_question_that_fails_is_asked_anew_for_those_who_came_meanwhile()
    {
        List<TaskCompletionSource<long>> asked = [];
        var replica = new Replica(new JournalOptions(), _ =>
        {
            asked.Add(new TaskCompletionSource<long>());
            return asked[^1].Task;
        }, TimeProvider.System);
        replica.Load([], 5);
        var first = replica.WaitForHeadAsync(CancellationToken.None);
        var second = replica.WaitForHeadAsync(CancellationToken.None);

        asked[0].SetException(new InvalidOperationException("the journal moves"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => first);
        await UntilAsync(() => asked.Count == 2);
        asked[1].SetResult(5);
        await second;
    }

    [Fact]
    public async Task How_old_the_copy_is_is_known_however_seldom_it_is_read()
    {
        var wall = new FakeTimeProvider();
        var (asked, isAway) = (0, false);
        var replica = new Replica(new JournalOptions(), _ =>
        {
            asked++;
            return isAway ? Task.FromException<long>(new InvalidOperationException("the storage is away")) : Task.FromResult(5L);
        }, wall);
        replica.Load([], 5);
        replica.Refresh();
        wall.Advance(TimeSpan.FromSeconds(100));
        replica.Refresh();
        wall.Advance(TimeSpan.FromSeconds(3));
        replica.Refresh();
        Assert.Equal(2, asked);

        isAway = true;
        Assert.Equal(TimeSpan.FromSeconds(3), await replica.CatchUpAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_head_beyond_the_copy_is_waited_for()
    {
        var replica = new Replica(new JournalOptions(), _ => Task.FromResult(7L), TimeProvider.System);
        replica.Load([], 5);
        var read = replica.WaitForHeadAsync(CancellationToken.None);
        Assert.False(read.IsCompleted);

        replica.Apply(Objects.Samples.Slice(7));

        await read;
    }

    /// <summary>The answers come from another thread, so that they arrive at any point of the next question.</summary>
    [Fact]
    public async Task Under_contention_no_read_is_answered_by_a_question_from_before_it()
    {
        long head = 0;
        var replica = new Replica(new JournalOptions(), async _ =>
        {
            var now = Interlocked.Read(ref head);
            await Task.Yield();
            return now;
        }, TimeProvider.System);
        replica.Load([], 0);
        var writer = Task.Run(async () =>
        {
            for (var next = 1L; next <= 60_000; next++)
            {
                // Acknowledged only now; the copy follows only up to it, so an older answer shows as a head that is behind.
                Interlocked.Exchange(ref head, next);
                var read = replica.WaitForHeadAsync(CancellationToken.None);
                _ = replica.WaitForHeadAsync(CancellationToken.None);
                if (next % 2 == 0)
                {
                    await Task.Yield();
                }

                Assert.False(read.IsCompletedSuccessfully && replica.Head < next, $"read {next} was answered at {replica.Head}");
                replica.Apply(Objects.Samples.Slice(next));
                await read;
            }
        });

        await writer.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Yield();
        }
    }
}
