using System.IO.Pipelines;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Orleans.StatefulSets.Api.Hosting;
using Orleans.StatefulSets.Api.Lists;
using Orleans.StatefulSets.Api.Requests;
using Orleans.StatefulSets.Api.Responses;
using Orleans.StatefulSets.Grains.Nodes;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Api.Watches;

/// <summary>Watches a collection (Kubernetes API concepts, "Efficient detection of changes").</summary>
internal sealed class WatchVerb(ApiServices api, Answers answers, Heartbeats heartbeats)
{
    public async Task AnswerAsync(ApiContext context)
    {
        var options = ListOptions.Read(context.Query, isWatch: true);
        var selection = Selection.Read(context.Path, context.Query, context.Path.Name);
        var replica = api.Replicas.For(context.Path.Kind.Resource);
        var frames = new WatchFrames(context, () => answers.Table(context)!, heartbeats);
        _ = answers.Table(context);

        using var lifetime = new CancellationTokenSource(options.Timeout ?? DefaultTimeout(context), api.Time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(lifetime.Token, context.Cancellation);
        // A watch waits for its reader far longer than a list does; while it waits, its bounds are those of the replica's watch.
        if (context.Http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = new MinDataRate(api.Options.MinTransferRate, api.Options.WatchStallPatience);
        }

        var output = context.Http.Response.BodyWriter;
        Answers.Begin(context.Http, context.Format, 200);
        try
        {
            var (after, initial) = await StartAsync(replica, context, options);
            using var watch = replica.Watch(context.Path.Kind.Resource, context.Path.NamespaceOrAll, Math.Min(after, replica.Head));
            await output.FlushAsync(context.Cancellation);
            await SendInitialAsync(initial, after, options, selection, frames, output, context.Cancellation);
            var stream = new WatchStream(watch, after, selection, frames, output, api.Options);
            await stream.RunAsync(options.AllowBookmarks, api.Time, ending.Token, context.Cancellation);
        }
        catch (ApiException refusal)
        {
            // The watch's answer is 200 whatever comes: what went wrong is an event.
            WatchFrames.Error(output, refusal);
            await output.FlushAsync(context.Cancellation);
        }
    }

    // No version, or 0: the state first, as if each object had just been added. A version: what came after it.
    private async Task<(long After, IEnumerable<StoredObject> Initial)> StartAsync(
        IReplica replica, ApiContext context, ListOptions options)
    {
        var startsWithState = options.SendInitialEvents ?? options.ResourceVersion is null or 0;
        if (!startsWithState && options.ResourceVersion > 0)
        {
            return (options.ResourceVersion.Value, []);
        }

        if (options.ResourceVersion is null)
        {
            await replica.CatchUpAsync(context.Http, context.Cancellation);
        }
        else if (options.ResourceVersion > 0)
        {
            await replica.WaitForVersionAsync(options.ResourceVersion.Value, api.Options.FutureVersionTimeout, context.Cancellation);
        }

        var snapshot = replica.Snapshot(context.Path.Kind.Resource);
        return (snapshot.ResourceVersion, startsWithState ? snapshot.List(context.Path.NamespaceOrAll) : []);
    }

    private async Task SendInitialAsync(
        IEnumerable<StoredObject> initial, long version, ListOptions options, Selection selection, WatchFrames frames, PipeWriter output,
        CancellationToken cancellation)
    {
        foreach (var item in initial.Where(selection.Matches))
        {
            frames.Event(output, "ADDED", item);
            if (output.UnflushedBytes >= api.Options.MaxWatchBufferBytes)
            {
                await output.FlushAsync(cancellation);
            }
        }

        if (options.SendInitialEvents == true && options.AllowBookmarks)
        {
            frames.Bookmark(output, version, endsInitial: true);
        }

        await output.FlushAsync(cancellation);
    }

    // Spread over one to two times the minimum, so that watches opened together don't all come back together.
    private TimeSpan DefaultTimeout(ApiContext context)
    {
        var spread = (uint)context.Http.TraceIdentifier.Aggregate(17, (hash, letter) => unchecked((hash * 31) + letter)) / (double)uint.MaxValue;
        return api.Options.MinWatchTimeout * (1 + spread);
    }
}
