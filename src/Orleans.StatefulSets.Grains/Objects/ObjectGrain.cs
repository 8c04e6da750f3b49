using k8s.Models;
using Orleans.Placement;
using Orleans.StatefulSets.Grains.GarbageCollection;
using Orleans.StatefulSets.Grains.Messages;
using Orleans.StatefulSets.Reconciliation.Events;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Objects;

/// <summary>
/// The one writer of an object: every revision is decided here, committed with the version it was decided on, and then told to whom it
/// concerns. Two activations of one object can live for a moment during a failure; the journal lets only one of them win each revision.
/// Objects are spread by the hash of their key: where the default placement decides, the silo that makes them keeps them.
/// </summary>
[HashBasedPlacement]
internal abstract partial class ObjectGrain(ObjectServices services) : ClusterGrain, IObjectGrain, IVacatingGrain
{
    // Grains of sets, nodes and the like are reentrant; their own object still has one revision at a time under way.
    private readonly SemaphoreSlim writing = new(1, 1);

    private DateTime? nudgeDue;

    /// <summary>The object's key.</summary>
    protected ObjectKey Key { get; private set; }

    protected ObjectServices Services { get; } = services;

    protected DateTime Now => Services.Clock.Now;

    /// <inheritdoc/>
    public Vacancy Vacancy => Current is not null || LingersWhenRemoved ? Vacancy.Taken
        : writing.CurrentCount == 0 ? Vacancy.Undecided
        : Vacancy.Vacant;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        Key = ObjectKey.Parse(this.GetPrimaryKeyString());
        await Services.Replicas.Loaded.WaitAsync(cancellationToken);
        Current = Services.Replicas.Find(Key);
        if (Current is null)
        {
            Services.Vacancies.Add(this);
        }

        await LoadedAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public virtual async Task<ObjectReply> Write(WriteRequest request) => await ReplyAsync(async () =>
    {
        var carried = await CarryOutAsync(
            async current => await AdmitAsync(Services.Writer.Decide(request, current, Services.Replicas, Services.Clock.NowSeconds)),
            request.Verb == WriteVerb.Create,
            request.DryRun,
            request.Id);
        return new ObjectReply { Outcome = carried.Outcome, Object = carried.Object, Warnings = carried.Warnings };
    });

    /// <inheritdoc/>
    public virtual async Task<ObjectReply> Create(Model model) => await ReplyAsync(async () =>
    {
        var carried = await CarryOutAsync(async current => current is not null
            ? throw ApiErrors.AlreadyExists(current.Kind, Key.Name)
            : await AdmitAsync(new WriteDecision
            {
                Outcome = WriteOutcome.Created,
                Model = Services.Writer.AdmitNew(model.Value, Services.Replicas, Services.Clock.NowSeconds),
            }), creating: true);
        return new ObjectReply { Outcome = carried.Outcome, Object = carried.Object };
    });

    /// <inheritdoc/>
    public async Task<ObjectReply> Replace(Model next, string subresource) => await ReplyAsync(async () =>
    {
        var expected = ((IMetadata<V1ObjectMeta>)next.Value).Metadata;
        var carried = await CarryOutAsync(current => current is null
            ? throw ApiErrors.NotFound(ResourceKinds.Of(Key), Key.Name)
            : current.Metadata.ResourceVersion != expected.ResourceVersion || current.Uid != expected.Uid
                ? throw ApiErrors.Conflict(current.Kind, Key.Name)
                : new ValueTask<WriteDecision>(Services.Writer.AdmitChange(next.Value, current, subresource, Services.Replicas, Services.Clock.NowSeconds)));
        return new ObjectReply { Outcome = carried.Outcome, Object = carried.Object };
    });

    /// <inheritdoc/>
    public async Task<ObjectReply?> ReadObject()
    {
        GoOnIf(await ConfirmAsync(creating: false));
        if (Current is not null)
        {
            return new ObjectReply { Outcome = WriteOutcome.Unchanged, Object = Current };
        }

        if (!LingersWhenRemoved)
        {
            DeactivateOnIdle();
        }

        return null;
    }

    /// <inheritdoc/>
    public virtual Task Observe(StoredObject item, bool deleted) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task Nudge()
    {
        try
        {
            await ConfirmAsync(creating: false);
        }
        catch (Exception)
        {
            // The journal does not answer: what is known here has to do until somebody nudges again.
        }

        GoOn();
    }

    /// <summary>Goes on with what is unfinished: what was to be told may be lost, or a moment that was waited for has come.</summary>
    protected virtual void GoOn()
    {
    }

    /// <summary>Called once the grain knows its object (or that there is none).</summary>
    protected virtual Task LoadedAsync(CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>What a kind adds to a decision that needs to ask others, such as an address from an allocator.</summary>
    protected virtual ValueTask<WriteDecision> AdmitAsync(WriteDecision decision) => new(decision);

    /// <summary>Called after each commit: tell whom it concerns. Nobody is waited for here, or two grains could wait for each other.</summary>
    protected abstract void Committed(Carried carried);

    /// <summary>The grain has something left to do when its object is gone; it goes with other idle grains.</summary>
    protected virtual bool LingersWhenRemoved => false;

    /// <summary>Changes the object for a controller; null from <paramref name="change"/> leaves it as it is.</summary>
    /// <returns>The revision after it, or null where there is no object (any more) with that uid.</returns>
    protected async Task<Carried?> ChangeAsync<T>(string? uid, Func<T, object?> change)
        where T : class
    {
        try
        {
            return await CarryOutAsync(current =>
            {
                if (current is null || (uid is not null && current.Uid != uid))
                {
                    throw ApiErrors.NotFound(ResourceKinds.Of(Key), Key.Name);
                }

                var next = change(current.As<T>());
                return new ValueTask<WriteDecision>(new WriteDecision
                {
                    Outcome = next is null ? WriteOutcome.Unchanged : WriteOutcome.Updated,
                    Model = next ?? current.Model,
                });
            });
        }
        catch (ApiException refusal) when (refusal.Code == 404)
        {
            return null;
        }
    }

    /// <summary>Removes the object, where it still has that uid.</summary>
    protected async Task<Carried?> RemoveAsync(string uid)
    {
        try
        {
            return await CarryOutAsync(current => current is null || current.Uid != uid
                ? throw ApiErrors.NotFound(ResourceKinds.Of(Key), Key.Name)
                : new ValueTask<WriteDecision>(new WriteDecision { Outcome = WriteOutcome.Removed, Model = current.Model }));
        }
        catch (ApiException refusal) when (refusal.Code == 404)
        {
            return null;
        }
    }

    /// <summary>Writes the next revisions of an object that a decision made of one it read, each seen by watchers.</summary>
    /// <param name="basis">The revision that the decision was made on.</param>
    /// <param name="revisions">The next ones, in order.</param>
    /// <param name="removed">The last of them takes the object with it.</param>
    /// <returns>False where the object had changed meanwhile: decide again.</returns>
    protected async Task<bool> WriteRevisionsAsync<T>(StoredObject basis, IReadOnlyList<T> revisions, bool removed)
        where T : class
    {
        for (var i = 0; i < revisions.Count; i++)
        {
            var next = revisions[i];
            var last = removed && i == revisions.Count - 1;
            var changed = false;
            var carried = await CarryOutAsync(current =>
            {
                changed = current?.ResourceVersion != basis.ResourceVersion;
                return new ValueTask<WriteDecision>(new WriteDecision
                {
                    Outcome = changed ? WriteOutcome.Unchanged : last ? WriteOutcome.Removed : WriteOutcome.Updated,
                    Model = next,
                });
            });
            if (changed)
            {
                return false;
            }

            basis = carried.Object;
        }

        return true;
    }

    /// <summary>Carries a decision out as the object's one writer.</summary>
    protected async Task<Carried> CarryOutAsync(Func<StoredObject?, ValueTask<WriteDecision>> decide, bool creating = false, bool dryRun = false, Guid request = default)
    {
        await writing.WaitAsync();
        var caughtUp = false;
        try
        {
            caughtUp = await ConfirmAsync(creating, isWriting: true);
            var carried = await Services.Committer.CarryOutAsync(Key, Current, decide, dryRun, request);
            if (dryRun || carried.Outcome == WriteOutcome.Unchanged)
            {
                GoOnIf((!dryRun && CatchUp()) || caughtUp);
                return carried;
            }

            caughtUp |= Meet(carried.Before);
            if (carried.IsPast ? await IsPresentAsync(carried) : Take(carried))
            {
                Publish(carried);
                GoOnIf(caughtUp && carried.Before is not null && !carried.Removed);
            }
            else
            {
                GoOn();
            }

            return carried;
        }
        catch (ApiException)
        {
            // A refusal may come from a newer state than this grain knew.
            GoOnIf(CatchUp() || caughtUp);
            if (Current is null && !LingersWhenRemoved)
            {
                // Names that clients only tried must not pile up as grains until idle ones are collected.
                DeactivateOnIdle();
            }

            throw;
        }
        catch
        {
            GoOnIf(caughtUp);
            throw;
        }
        finally
        {
            writing.Release();
        }
    }

    // What another activation wrote may call for what is not done yet.
    private void GoOnIf(bool caughtUp)
    {
        if (caughtUp)
        {
            GoOn();
        }
    }

    private async Task<bool> IsPresentAsync(Carried past)
    {
        confirmed = false;
        await ConfirmAsync(creating: false);
        return Current?.ResourceVersion == past.Object.ResourceVersion;
    }

    // A write that is sent again may be told of what landed the first time, and of more than that this grain may know by now: that is
    // past, and not told to anybody any more.
    private bool Take(Carried carried)
    {
        var version = carried.Object.ResourceVersion;
        confirmed = true;
        refilled |= carried.Before is null;
        if (version < Math.Max(Current?.ResourceVersion ?? 0, removedAt))
        {
            return false;
        }

        Current = carried.Removed ? null : carried.Object;
        removedAt = carried.Removed ? version : removedAt;
        return true;
    }

    /// <summary>Records an Event about the object.</summary>
    protected void Tell(ObjectEvent told, string? fieldPath = null)
    {
        if (Current is { } item)
        {
            Services.Events.Record(told, item, fieldPath);
        }
    }

    /// <summary>
    /// Calls <see cref="IObjectObserver.Nudge"/> on this grain when the simulated time has reached a moment, or at an earlier one that it
    /// waits for already: what the grain does then works out all later moments again. Otherwise each wake would begin a chain of its own.
    /// </summary>
    protected void NudgeAt(DateTime due)
    {
        if (nudgeDue is { } waiting && waiting > Now && waiting <= due)
        {
            return;
        }

        nudgeDue = due;
        var self = this.AsReference<IObjectObserver>();
        Services.Wheel.Schedule(Key.ToString(), due, () => self.Nudge().Ignore());
    }

    private static async Task<ObjectReply> ReplyAsync(Func<Task<ObjectReply>> work)
    {
        try
        {
            return await work();
        }
        catch (ApiException refusal)
        {
            return ObjectReply.Refuse(refusal);
        }
    }

    private void Publish(Carried carried)
    {
        Committed(carried);
        CollectorNews.Tell(Services, carried);
        if (carried.Removed && !LingersWhenRemoved)
        {
            DeactivateOnIdle();
        }
    }
}
