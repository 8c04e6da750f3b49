using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Objects;

// What the grain knows of its object; the other part changes it.
internal abstract partial class ObjectGrain
{
    // Whether Current was the journal's truth at some moment of this activation's life. Until then the silo's copy may lag, and neither
    // "there is no such object" nor "nothing changes" may be said.
    private bool confirmed;

    // Whoever confirmed it, a write or a read: what was filled when the grain began is as old as the copy was then. What a
    // creation needs is filled with it.
    private bool refilled;
    private long removedAt;

    /// <summary>The newest revision that this grain knows, or null.</summary>
    protected StoredObject? Current { get; private set; }

    /// <summary>A loop that decides on nothing but the truth: the grain may have begun from a copy that lagged, and would act for what is gone.</summary>
    /// <param name="run">Looks at how things are, decides, and carries it out.</param>
    /// <param name="failed">A run failed.</param>
    /// <param name="refill">Fills from the copy again what was filled when the grain began, and may be as old as that.</param>
    /// <param name="pause">Waited for before each run.</param>
    protected DecisionLoop NewLoop(Func<Task> run, Action<Exception> failed, Action? refill = null, Func<Task>? pause = null) => new(
        async () =>
        {
            await ConfirmAsync(creating: false);
            if (!refilled)
            {
                refill?.Invoke();
                refilled = true;
            }

            await run();
        },
        failed, pause);

    // A creation needs no confirmation: the journal itself refuses a second object of the name.
    /// <param name="creating">The object is to be made.</param>
    /// <param name="isWriting">This is the write that is under way.</param>
    /// <returns>Whether the object is another than this grain knew.</returns>
    protected async Task<bool> ConfirmAsync(bool creating, bool isWriting = false)
    {
        if (creating && Current is null)
        {
            return false;
        }

        var isFirst = !confirmed;
        if (isFirst)
        {
            // As long as this activation has committed nothing, what the copy says from here on is the truth, also that there is nothing.
            await Services.Replicas.For(Key.Resource).WaitForHeadAsync(CancellationToken.None);
            confirmed = true;
        }

        // What a write has under way is no other's, and becomes known with its answer.
        return (isFirst || isWriting || writing.CurrentCount > 0) && Become(Newest(), isFirst);
    }

    /// <summary>The copy told of a revision that another activation wrote: what follows from the object is worked out anew.</summary>
    /// <param name="before">What this one knew.</param>
    /// <param name="isBeginning">It knew it from a copy that lagged when it began; the other told whom it concerned.</param>
    protected virtual void CaughtUp(StoredObject? before, bool isBeginning)
    {
    }

    // Another activation may write after this one was confirmed: one that does not know yet that its silo was declared dead, or a commit
    // that lands late. Nobody tells of it, but the copy comes to it.
    private bool CatchUp() => Become(Newest(), isBeginning: false);

    // A conflict made the committer decide on what another activation wrote.
    private bool Meet(StoredObject? basis) => basis is not null && basis.ResourceVersion > Math.Max(Current?.ResourceVersion ?? 0, removedAt) && Become(basis, isBeginning: false);

    private bool Become(StoredObject? newest, bool isBeginning)
    {
        var before = Current;
        Current = newest;
        if (before?.ResourceVersion == newest?.ResourceVersion)
        {
            return false;
        }

        refilled = false;
        if (newest is null)
        {
            Services.Vacancies.Add(this);
        }

        CaughtUp(before, isBeginning);
        return true;
    }

    // The copy may lag behind what this grain committed itself: what it removed is not there any more, whatever the copy still shows. The
    // copy's head is read first: an object that had its version by then and is not found after is gone.
    private StoredObject? Newest()
    {
        var replica = Services.Replicas.For(Key.Resource);
        var head = replica.Head;
        var found = replica.Find(Key) is { } stored && stored.ResourceVersion > removedAt ? stored : null;
        var isNewest = found is null ? Current?.ResourceVersion > head : Current?.ResourceVersion >= found.ResourceVersion;
        return isNewest ? Current : found;
    }
}
