using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Objects;

// What the grain knows of its object; the other part changes it.
internal abstract partial class ObjectGrain
{
    // Whether Current was the journal's truth at some moment of this activation's life. Until then the silo's copy may lag, and neither
    // "there is no such object" nor "nothing changes" may be said. Nobody tells a grain of what the one before it wrote: if that one's silo
    // was lost, what is past would be shown, and nothing be seen to do, for as long as the grain lives.
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
    protected async Task ConfirmAsync(bool creating)
    {
        if (confirmed || (creating && Current is null))
        {
            return;
        }

        var replica = Services.Replicas.For(Key.Resource);
        await replica.WaitForHeadAsync(CancellationToken.None);
        if (confirmed)
        {
            // By a write that came meanwhile, which knows more.
            return;
        }

        // This activation has committed nothing yet: what the copy says now is the truth, also that there is nothing.
        var wasThere = Current is not null;
        (Current, confirmed) = (replica.Find(Key), true);
        if (wasThere && Current is null)
        {
            Services.Vacancies.Add(this);
        }
    }

    // The copy may lag behind what this grain committed itself: what it removed is not there any more, whatever the copy still shows. The
    // copy's head is read first: an object that had its version by then and is not found after is gone.
    private StoredObject? Newest()
    {
        var replica = Services.Replicas.For(Key.Resource);
        var head = replica.Head;
        var found = replica.Find(Key) is { } stored && stored.ResourceVersion > removedAt ? stored : null;
        return Current is not null && Current.ResourceVersion > (found?.ResourceVersion ?? head) ? Current : found;
    }
}
