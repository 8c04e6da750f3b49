using k8s.Models;
using Orleans.StatefulSets.Grains.Disruption;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Cluster;

/// <inheritdoc cref="IClusterWriter"/>
internal sealed class ClusterWriter(RepeatedWrites writes, PodEvictions evictions, ReplicaSet replicas) : IClusterWriter
{
    /// <inheritdoc/>
    public async Task<WriteResponse> WriteAsync(WriteRequest request, CancellationToken cancellation)
    {
        try
        {
            return await CarryOutAsync(request, cancellation);
        }
        catch (Exception failure) when (ClusterFailures.RefusalOf(failure) is { } refusal)
        {
            throw refusal;
        }
    }

    /// <inheritdoc/>
    public async Task<V1Scale> ReadScaleAsync(ObjectKey key, CancellationToken cancellation)
    {
        await replicas.For(key.Resource).CatchUpAsync(cancellation);
        return replicas.Find(key)?.Model is V1StatefulSet set
            ? ObjectWriter.ScaleOf(set)
            : throw ApiErrors.NotFound(ResourceKinds.Of(key), key.Name);
    }

    private async Task<WriteResponse> CarryOutAsync(WriteRequest request, CancellationToken cancellation)
    {
        // What a client created a moment ago through another silo, a namespace say, must be known before it is admitted by it.
        if (request.Verb == WriteVerb.Create && request.Key.Namespace.Length > 0 && replicas.Find(ResourceKinds.Namespaces.Key("", request.Key.Namespace)) is null)
        {
            await replicas.Objects.WaitForHeadAsync(cancellation);
        }

        // A write that was begun is finished, whether its client waits for it or not.
        var work = request.Subresource == "eviction" ? evictions.EvictAsync(request) : writes.WriteAsync(request, writes.Begin());
        var reply = await work.WaitAsync(cancellation);
        return new WriteResponse { Outcome = reply.Outcome, Object = reply.Demand(), Warnings = reply.Warnings };
    }
}
