using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Grains.Tests.Journal;
using Orleans.StatefulSets.Storage;

namespace Orleans.StatefulSets.Grains.Tests.Simulation;

/// <summary>One activation of the journal: the real sequencer, with a queue before it, that can die at any point.</summary>
internal sealed class ModelHolder
{
    private readonly Queue<(CommitEntry Entry, Action<CommitResult> Answer)> pending = new();
    private readonly FaultyJournalStore store;
    private readonly JournalSequencer sequencer;
    private readonly Random chance;

    public ModelHolder(MemoryJournalState state, Random chance, JournalOptions bounds)
    {
        this.chance = chance;
        store = new FaultyJournalStore(state);
        sequencer = new JournalSequencer("objects", store, bounds);
        Done(sequencer.OpenAsync(CancellationToken.None));
    }

    public bool IsDead { get; set; }

    public FaultyJournalStore Store => store;

    public long Epoch => sequencer.Head.Epoch;

    public void Enqueue(CommitEntry entry, Action<CommitResult> answer) => pending.Enqueue((entry, answer));

    /// <summary>Writes some of what waits and answers; it may die between any two of these.</summary>
    public void CommitSome(Func<string, bool> dies)
    {
        List<(CommitEntry Entry, Action<CommitResult> Answer)> batch = [];
        for (var most = chance.Next(1, 6); batch.Count < most && pending.TryDequeue(out var next); batch.Add(next))
        {
        }

        if (batch.Count == 0)
        {
            return;
        }

        BatchOutcome outcome;
        try
        {
            outcome = Done(sequencer.CommitAsync(batch.ConvertAll(commit => commit.Entry)));
        }
        catch (HolderDiedException)
        {
            IsDead = true;
            return;
        }

        for (var place = 0; place < batch.Count; place++)
        {
            if (dies("before an answer"))
            {
                IsDead = true;
                return;
            }

            batch[place].Answer(outcome.Answers[place]);
        }

        IsDead |= sequencer.IsFenced;
    }

    public JournalSlice Read(long after, int bytes) => Done(sequencer.ReadAsync(after, bytes));

    public long? ConfirmHead()
    {
        var head = Done(sequencer.ConfirmHeadAsync());
        IsDead |= sequencer.IsFenced;
        return head;
    }

    // Memory answers at once, so nothing here ever waits: the order of events is the simulation's alone.
    private static T Done<T>(Task<T> task)
    {
        Assert.True(task.IsCompleted);
        return task.GetAwaiter().GetResult();
    }

    private static void Done(Task task)
    {
        Assert.True(task.IsCompleted);
        task.GetAwaiter().GetResult();
    }
}

/// <summary>The holder's process ended in the middle of an append.</summary>
internal sealed class HolderDiedException : Exception;
