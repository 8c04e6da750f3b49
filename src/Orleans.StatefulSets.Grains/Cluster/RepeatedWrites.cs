using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Grains.Messages;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Cluster;

/// <summary>
/// Writes of clients across the death of a silo. Where the answer is lost the journal is asked whether the write landed; if not, it is sent
/// again under its name, and lands once however many of its messages arrive.
/// </summary>
internal sealed class RepeatedWrites(ObjectMutations mutations, ReplicaSet replicas, ObjectRoutes routes, CommitIds ids, TimeProvider wall)
{
    // Somewhat longer than it takes to find out that a silo is dead, and as often as that its client need not wait longer than that.
    private const int MostSends = 30;
    private static readonly TimeSpan SendAgainAfter = TimeSpan.FromMilliseconds(250);

    // A silo that stops may keep an answer for good, and whoever waits finds that out by waiting in vain: such a call is repeated while its
    // client may still wait, which is a minute.
    private static readonly TimeSpan RepeatInVainFor = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan FollowPatience = TimeSpan.FromSeconds(5);

    /// <summary>When a client's request began: however many steps it takes, they share its patience.</summary>
    public long Begin() => wall.GetTimestamp();

    /// <summary>Carries a write out once.</summary>
    /// <param name="request">The write.</param>
    /// <param name="begun"><see cref="Begin"/>.</param>
    /// <exception cref="OrleansException">No answer came, however often it was asked.</exception>
    /// <exception cref="TimeoutException">No answer came, however long it was waited for.</exception>
    public async Task<ObjectReply> WriteAsync(WriteRequest request, long begun)
    {
        var named = request with { Id = ids.Next() };
        for (var send = 1; ; send++)
        {
            try
            {
                // Refused the second time it may be because the first was carried out after all.
                var reply = await mutations.WriteAsync(named);
                return reply.Refused && send > 1 && await FindAsync(named, begun) is { } landed ? landed : reply;
            }
            catch (Exception failure) when (IsRepeated(failure, send, begun))
            {
                await Task.Delay(SendAgainAfter, wall);
            }

            if (await FindAsync(named, begun) is { } first)
            {
                return first;
            }
        }
    }

    /// <summary>Asks a grain something that may be asked again where its silo, or one that it asks, is lost.</summary>
    /// <param name="question">The call.</param>
    /// <param name="begun"><see cref="Begin"/>.</param>
    /// <exception cref="OrleansException">No answer came, however often it was asked.</exception>
    /// <exception cref="TimeoutException">No answer came, however long it was waited for.</exception>
    public async Task<T> AskAsync<T>(Func<Task<T>> question, long begun)
    {
        for (var send = 1; ; send++)
        {
            try
            {
                return await question();
            }
            catch (Exception failure) when (IsRepeated(failure, send, begun))
            {
                await Task.Delay(SendAgainAfter, wall);
            }
        }
    }

    private bool IsRepeated(Exception failure, int send, long begun) => failure switch
    {
        OrleansException => send < MostSends,
        TimeoutException => wall.GetElapsedTime(begun) < RepeatInVainFor,
        _ => false,
    };

    private async Task<ObjectReply?> FindAsync(WriteRequest request, long begun)
    {
        if (request.DryRun)
        {
            return null;
        }

        var attempts = Enumerable.Range(0, CommitIds.Attempts).Select(attempt => CommitIds.OfAttempt(request.Id, attempt)).ToArray();
        if (await AskAsync(() => routes.Journal(Journals.Of(request.Key.Resource)).FindCommit(attempts), begun) is not { } revision)
        {
            return null;
        }

        var replica = replicas.CopyOf(request.Key.Resource);
        await replica.WaitForVersionAsync(revision, FollowPatience, CancellationToken.None);
        return replica.ChangeAt(revision) is { } change
            ? new ObjectReply
            {
                Outcome = change.Type == ChangeType.Deleted ? WriteOutcome.Removed : request.Verb == WriteVerb.Create ? WriteOutcome.Created : WriteOutcome.Updated,
                Object = change.Object,
            }
            : throw new SiloUnavailableException("the write was carried out, and its answer is lost");
    }
}
