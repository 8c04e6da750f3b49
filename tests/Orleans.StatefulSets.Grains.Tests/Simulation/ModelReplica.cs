using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Tests.Objects;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Tests.Simulation;

/// <summary>A silo's copy: the real replica, fed as its feed would feed it, and a watch that follows all of it.</summary>
internal sealed class ModelReplica(int number, JournalSimulation world)
{
    private readonly Replica replica = new(new JournalOptions(), _ => Task.FromResult(0L), TimeProvider.System);
    private IReplicaWatch? watch;
    private long watched;
    private int question;
    private bool gap = true;
    private long headBefore;

    public long Head => replica.Head;

    /// <summary>It has all there is, and its watch has seen it.</summary>
    public bool IsWhole => replica.Head == world.History.Head && watch is not null && watched == replica.Head;

    public StoredObject? Find(string name) => replica.Find(Samples.ConfigMapKey(name));

    /// <summary>Asks; what was asked before counts as lost, and its late answer is not for this question.</summary>
    public void Step()
    {
        var mine = ++question;
        var after = replica.Head;
        var acknowledged = world.HighestAcknowledged;
        world.Network.Send($"question of replica {number} after {after}", () =>
        {
            if (gap)
            {
                world.ConfirmHead(head =>
                {
                    Assert.True(head >= acknowledged, $"{head} was confirmed after {acknowledged} was acknowledged");
                    Answer(mine, () => Load(head));
                });
            }
            else
            {
                world.Read(after, slice => Answer(mine, () => Take(slice)));
            }
        });
    }

    /// <summary>Checks that the copy is a moment of the history and went through all of it in order.</summary>
    public void Check()
    {
        Assert.True(replica.Head >= headBefore, $"replica {number} went back from {headBefore} to {replica.Head}");
        headBefore = replica.Head;
        while (watch?.TryRead(out var change) == true)
        {
            var next = change.Object.ResourceVersion;
            Assert.True(next == watched + 1, $"replica {number} saw {next} after {watched}");
            var truth = world.History.Landed[(int)next - 1];
            Assert.Equal((truth.Key, truth.Deleted), (change.Object.Key.ToString(), change.Type == ChangeType.Deleted));
            watched = next;
        }

        for (var i = 0; watch is not null && i < 5; i++)
        {
            AssertMoment($"m{i}");
        }
    }

    private void AssertMoment(string name)
    {
        var key = Samples.ConfigMapKey(name).ToString();
        var (mine, truth) = (Find(name)?.ResourceVersion ?? 0, world.History.At(key, replica.Head));
        Assert.True(mine == truth, $"replica {number} holds {name}@{mine} at {replica.Head}, and it was {truth}");
    }

    private void Answer(int asked, Action take) => world.Network.Send($"answer to replica {number}", () =>
    {
        if (asked == question)
        {
            question++;
            take();
        }
    });

    private void Take(JournalSlice slice)
    {
        gap = slice.Gap;
        if (gap)
        {
            return;
        }

        replica.Apply(slice);
        Watch();
        world.CheckAll();
    }

    private void Load(long head)
    {
        var live = world.Live();
        replica.Load(live, Math.Max(head, live.Count == 0 ? 0 : live.Max(item => item.ResourceVersion)), world.History.Head);
        watch?.Dispose();
        watch = null;
        gap = false;
        Watch();
        world.CheckAll();
    }

    // As soon as it can be: a snapshot is newer than the head that it is taken for.
    private void Watch()
    {
        if (watch is not null)
        {
            return;
        }

        try
        {
            watch = replica.Watch(ResourceKinds.ConfigMaps.Resource, null, replica.Head);
            watched = replica.Head;
        }
        catch (ApiException expired)
        {
            Assert.Equal(410, expired.Code);
        }
    }
}
