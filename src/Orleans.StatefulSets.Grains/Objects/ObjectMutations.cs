using k8s.Models;
using Orleans.StatefulSets.Grains.Cluster;
using Orleans.StatefulSets.Grains.Messages;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Objects;

/// <summary>What controllers do to objects of any kind, each through its one writer.</summary>
internal sealed class ObjectMutations(ObjectRoutes routes, DirectWriter direct, Replicas.ReplicaSet replicas)
{
    /// <summary>The object as its one writer knows it, or null.</summary>
    public async Task<StoredObject?> ReadAsync(ObjectKey key)
    {
        if (routes.Find(key) is { } grain)
        {
            return (await grain.ReadObject())?.Object;
        }

        await replicas.For(key.Resource).WaitForHeadAsync(CancellationToken.None);
        return replicas.Find(key);
    }

    /// <summary>Deletes an object of that uid; one that is gone, or another of its name, is left alone.</summary>
    public async Task DeleteAsync(StoredObject item, string? propagationPolicy)
    {
        var request = new WriteRequest
        {
            Key = item.Key,
            Verb = WriteVerb.Delete,
            DeleteOptions = new V1DeleteOptions { PropagationPolicy = propagationPolicy, Preconditions = new V1Preconditions { Uid = item.Uid } },
        };
        var reply = await WriteAsync(request);
        if (reply.Refused && reply.ToException() is { Code: not (404 or 409) } refusal)
        {
            throw refusal;
        }
    }

    /// <summary>Takes a finalizer off, which may be what an object's deletion waited for.</summary>
    public Task RemoveFinalizerAsync(StoredObject item, string finalizer) => ChangeMetadataAsync(item, metadata =>
        metadata.Finalizers?.Contains(finalizer) == true ? metadata with { Finalizers = [.. metadata.Finalizers.Where(other => other != finalizer)] } : null);

    /// <summary>Changes the metadata of an object of that uid; conflicts are tried again on what is stored then.</summary>
    public async Task ChangeMetadataAsync(StoredObject item, Func<V1ObjectMeta, V1ObjectMeta?> change)
    {
        const int tries = 5;
        for (var attempt = 1; ; attempt++)
        {
            var current = await ReadAsync(item.Key);
            if (current is null || current.Uid != item.Uid || change(current.Metadata) is not { } metadata)
            {
                return;
            }

            var (next, _) = ObjectCommitter.Encode(current.Model);
            ((IMetadata<V1ObjectMeta>)next).Metadata = metadata;
            var reply = await ReplaceAsync(current, next);
            if (!reply.Refused || reply.ToException() is { Code: 404 })
            {
                return;
            }

            if (reply.ToException().Code != 409 || attempt == tries)
            {
                throw reply.ToException();
            }
        }
    }

    /// <summary>Writes as a client would, and answers as a grain does.</summary>
    public async Task<ObjectReply> WriteAsync(WriteRequest request) =>
        routes.Find(request.Key) is { } grain ? await grain.Write(request) : await direct.WriteAsync(request);

    private async Task<ObjectReply> ReplaceAsync(StoredObject current, object next) =>
        routes.Find(current.Key) is { } grain ? await grain.Replace(new Model(next), "") : await direct.ReplaceAsync(current, next);
}
