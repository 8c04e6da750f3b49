using Orleans.StatefulSets.Api.Hosting;
using Orleans.StatefulSets.Api.InFlight;
using Orleans.StatefulSets.Api.Requests;
using Orleans.StatefulSets.Api.Responses;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Api.Lists;

/// <summary>Takes one page of a list at the version that the client asked for (Kubernetes API concepts, "Semantics for get and list").</summary>
internal sealed class ListReader(ApiServices api)
{
    private const string TokenTooOld =
        "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue "
        + "parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided "
        + "token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was "
        + "returned and now may show up in the list.";

    /// <exception cref="ApiException">410 Expired, 504 for a version that is not reached in time, 400.</exception>
    public async Task<ListPage> ReadAsync(ApiContext context, Selection selection, ListOptions options)
    {
        var path = context.Path;
        var replica = api.Replicas.For(path.Kind.Resource);
        var token = options.Continue.Length > 0 ? ContinueToken.Decode(options.Continue) : null;
        if (token is not null && options.ResourceVersion > 0)
        {
            throw ApiErrors.BadRequest("specifying resource version is not allowed when using continue");
        }

        var snapshot = token is null
            ? await SnapshotAsync(replica, context, options)
            : await SnapshotOfAsync(replica, context, token);
        return await PageAsync(path, selection, options, token, snapshot, replica, context.Cancellation);
    }

    private async Task<ReplicaSnapshot> SnapshotAsync(IReplica replica, ApiContext context, ListOptions options)
    {
        var resource = context.Path.Kind.Resource;
        switch (options.ResourceVersion)
        {
            case null:
                await replica.CatchUpAsync(context.Http, context.Cancellation);
                break;
            case > 0 and var version:
                await replica.WaitForVersionAsync(version, api.Options.FutureVersionTimeout, context.Cancellation);
                break;
        }

        return options.IsExact
            ? replica.SnapshotAt(resource, options.ResourceVersion!.Value)
                ?? throw ApiErrors.Expired("The resourceVersion for the provided list is too old.")
            : replica.Snapshot(resource);
    }

    private async Task<ReplicaSnapshot> SnapshotOfAsync(IReplica replica, ApiContext context, ContinueToken token)
    {
        var resource = context.Path.Kind.Resource;
        if (token.ResourceVersion < 0)
        {
            await replica.CatchUpAsync(context.Http, context.Cancellation);
            return replica.Snapshot(resource);
        }

        // The first page may have come from another process that was further ahead.
        await replica.WaitForVersionAsync(token.ResourceVersion, api.Options.FutureVersionTimeout, context.Cancellation);
        return replica.SnapshotAt(resource, token.ResourceVersion)
            ?? throw Refusals.WithContinue(ApiErrors.Expired(TokenTooOld), token.Inconsistent.Encode());
    }

    private static async Task<ListPage> PageAsync(
        ResourcePath path, Selection selection, ListOptions options, ContinueToken? token, ReplicaSnapshot snapshot, IReplica replica,
        CancellationToken cancellation)
    {
        // The watch cache, which serves version 0, knows no pages.
        var limit = options.Limit <= 0 || options.ResourceVersion == 0 ? long.MaxValue : options.Limit;
        var items = new List<StoredObject>();
        var isMore = false;
        var seen = 0;
        foreach (var item in Candidates(path, selection, token, snapshot, replica))
        {
            if (++seen % BulkWork.ObjectsATurn == 0 && !selection.IsEmpty)
            {
                cancellation.ThrowIfCancellationRequested();
                await Task.Yield();
            }

            if (!selection.Matches(item))
            {
                continue;
            }

            if (items.Count >= limit)
            {
                isMore = true;
                break;
            }

            items.Add(item);
        }

        if (isMore)
        {
            replica.Remember(path.Kind.Resource, snapshot);
        }

        return new ListPage
        {
            ResourceVersion = snapshot.ResourceVersion,
            Items = items,
            Continue = isMore ? ContinueToken.Following(items[^1], snapshot.ResourceVersion).Encode() : "",
            RemainingItems = isMore && selection.IsEmpty ? Remaining(path, snapshot, items, token) : null,
        };
    }

    private static long Remaining(ResourcePath path, ReplicaSnapshot snapshot, List<StoredObject> items, ContinueToken? token) => token is null
        ? snapshot.Count(path.NamespaceOrAll) - items.Count
        : snapshot.List(path.NamespaceOrAll, $"{items[^1].Key.Namespace}/{items[^1].Key.Name}").LongCount();

    // kubectl asks for single objects by field selector; a look-up spares the walk where it gives what the snapshot holds.
    private static IEnumerable<StoredObject> Candidates(
        ResourcePath path, Selection selection, ContinueToken? token, ReplicaSnapshot snapshot, IReplica replica)
    {
        var isByName = selection.ExactName is not null && token is null && (path.Namespace.Length > 0 || !path.Kind.Namespaced);
        if (isByName && replica.Find(path.Kind.Key(path.Namespace, selection.ExactName!)) is { } found && found.ResourceVersion <= snapshot.ResourceVersion)
        {
            return [found];
        }

        return snapshot.List(path.NamespaceOrAll, token?.After ?? "");
    }
}
