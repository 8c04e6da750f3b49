using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Storage;

namespace Orleans.StatefulSets.Grains.Tests.Simulation;

/// <summary>
/// The journal's and the replicas' protocol with every message and every death in the hand of one seed: writers, replicas, and holders of
/// whom several may believe for a while that they lead.
/// </summary>
internal sealed class JournalSimulation
{
    private const int LongestStory = 60;

    // What a new holder knows of the past, and so what trimming leaves: a message is never that late.
    private const int Remembered = 40;

    private readonly MemoryJournalState state = new();
    private readonly List<ModelHolder> holders = [];
    private readonly List<ModelWriter> writers;
    private readonly List<ModelReplica> replicas;
    private readonly HashSet<Guid> refused = [];
    private readonly Queue<string> story = new();
    private readonly JournalOptions bounds;
    private bool faults = true;

    public JournalSimulation(int seed)
    {
        Chance = new Random(seed);
        bounds = new JournalOptions { RingBytes = Chance.Next(2) == 0 ? 1500 : 1 << 20, MaxBatch = Remembered };
        Network = new ModelNetwork(Chance, Record);
        writers = [.. Enumerable.Range(0, 3).Select(number => new ModelWriter(number, this))];
        replicas = [.. Enumerable.Range(0, 3).Select(number => new ModelReplica(number, this))];
    }

    public Random Chance { get; }

    public ModelNetwork Network { get; }

    public CommitHistory History { get; } = new();

    public long HighestAcknowledged { get; private set; }

    /// <summary>The faults of late, and how far it came: what is printed when something is wrong.</summary>
    public string Story => $"{string.Join("\n", story)}\nhead {History.Head}, replicas at {string.Join(", ", replicas.Select(replica => replica.Head))}";

    /// <summary>Safety: everything may go wrong, and after each step all that is believed is true.</summary>
    public void Run(int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            StepOnce();
            CheckAll();
        }
    }

    /// <summary>Healing: once nothing goes wrong any more, every writer is answered and every replica has all.</summary>
    public void Heal()
    {
        faults = false;
        Network.FaultPercent = 0;
        for (var round = 0; round < 400 && !IsHealed(); round++)
        {
            writers.FindAll(writer => !writer.IsIdle).ForEach(writer => writer.Step());
            replicas.ForEach(replica => replica.Step());
            for (var turn = 0; turn < 2000 && !(Network.IsEmpty && turn > 50); turn++)
            {
                Network.DeliverOne();
                Holder().CommitSome(Dies);
            }

            CheckAll();
        }

        Assert.True(IsHealed(), "it does not heal");
        Assert.Equal(
            ((string[])["m0", "m1", "m2", "m3", "m4"]).Select(name => History.At($"configmaps/default/{name}", History.Head)).Where(revision => revision > 0).Order(),
            Live().Select(item => item.ResourceVersion).Order());
    }

    public void Acknowledged(long revision) => HighestAcknowledged = Math.Max(HighestAcknowledged, revision);

    /// <summary>What some silo's copy says of an object's version.</summary>
    public long Believed(string name) => replicas[Chance.Next(replicas.Count)].Find(name)?.ResourceVersion ?? 0;

    public void Arrive(CommitEntry entry, Action<CommitResult> answer) =>
        Holder().Enqueue(entry, result =>
        {
            var judged = Judged(entry, result);
            Network.Send($"answer to {entry.Key.Name}@{entry.ExpectedRevision}", () => answer(judged));
        });

    public void Read(long after, Action<JournalSlice> answer)
    {
        var slice = Holder().Read(after, Chance.Next(2) == 0 ? 700 : 1 << 20);
        answer(slice);
    }

    public void ConfirmHead(Action<long> answer)
    {
        if (Holder().ConfirmHead() is { } head)
        {
            answer(head);
        }
    }

    public IReadOnlyList<StoredObject> Live()
    {
        var live = new MemoryJournalStore(state).ReadLiveAsync(keysOnly: false, CancellationToken.None).ToBlockingEnumerable();
        return [.. live.Select(record => new StoredObject(ObjectKey.Parse(record.Key), record.Uid, record.Revision, record.Payload))];
    }

    public void CheckAll() => replicas.ForEach(replica => replica.Check());

    private void StepOnce()
    {
        switch (Chance.Next(20))
        {
            case < 4:
                writers[Chance.Next(writers.Count)].Step();
                break;
            case < 7:
                // The last one is mostly cut off, so that it falls behind what the log remembers.
                replicas[Chance.Next(12) == 0 ? replicas.Count - 1 : Chance.Next(replicas.Count - 1)].Step();
                break;
            case < 11:
                Holder().CommitSome(Dies);
                break;
            case 11 when Chance.Next(4) == 0:
                Record("another holder takes over, and the old one does not know");
                NewHolder();
                break;
            case 12 when Chance.Next(8) == 0:
                Record("a holder dies");
                Holder().IsDead = true;
                break;
            case 13 when Chance.Next(4) == 0:
                Record("the log is trimmed");
                _ = new MemoryJournalStore(state).TrimAsync(History.Head - Remembered - Chance.Next(6), 1000, CancellationToken.None);
                break;
            default:
                for (var messages = Chance.Next(1, 6); messages > 0; messages--)
                {
                    Network.DeliverOne();
                }

                break;
        }
    }

    // A refusal is checked when it is given, not when it arrives: by then the world may have gone on.
    // One that was refused once stays refused, though its expectation may hold by now.
    private CommitResult Judged(CommitEntry entry, CommitResult result)
    {
        if (result is { Committed: null, Unavailable: null })
        {
            Assert.True(result.CurrentRevision != entry.ExpectedRevision || refused.Contains(entry.CommitId));
            refused.Add(entry.CommitId);
        }

        return result;
    }

    /// <summary>One that lives, mostly the newest; each is as its store would let it be.</summary>
    private ModelHolder Holder()
    {
        holders.RemoveAll(holder => holder.IsDead);
        return holders.Count == 0 ? NewHolder() : holders[Chance.Next(3) == 0 ? Chance.Next(holders.Count) : holders.Count - 1];
    }

    private ModelHolder NewHolder()
    {
        var holder = new ModelHolder(state, Chance, bounds);
        holder.Store.BeforeAppend = () =>
        {
            if (Dies("before an append"))
            {
                throw new HolderDiedException();
            }

            if (faults && Chance.Next(60) == 0)
            {
                Record("another holder takes over in the middle of a batch");
                NewHolder();
            }
        };
        holder.Store.AfterAppend = (expected, newHead, records) =>
        {
            History.Append(expected, newHead, records);
            if (Dies("after an append"))
            {
                throw new HolderDiedException();
            }
        };
        holders.Add(holder);
        return holder;
    }

    private bool Dies(string when)
    {
        var dies = faults && Chance.Next(40) == 0;
        if (dies)
        {
            Record($"a holder dies {when}");
        }

        return dies;
    }

    private bool IsHealed() => writers.TrueForAll(writer => writer.IsIdle) && replicas.TrueForAll(replica => replica.IsWhole);

    private void Record(string fault)
    {
        story.Enqueue(fault);
        if (story.Count > LongestStory)
        {
            story.Dequeue();
        }
    }
}
