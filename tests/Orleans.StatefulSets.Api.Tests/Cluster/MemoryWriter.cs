using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s.Models;
using Orleans.StatefulSets.Grains.Cluster;
using Orleans.StatefulSets.Grains.Time;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Api.Tests.Cluster;

/// <summary>Stores what it is given: names and versions are checked, merge patches are applied, pods go in two steps.</summary>
public sealed class MemoryWriter(MemoryReplica replica, FixedIdentities identities, ClusterClock clock) : IClusterWriter
{
    private readonly Lock gate = new();
    private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public List<WriteRequest> Requests { get; } = [];

    /// <summary>What the server logged as a failure of its own.</summary>
    public ConcurrentQueue<string> Failures { get; } = new();

    public IReadOnlyList<string> Warnings { get; set; } = [];

    public Func<Exception>? Failure { get; set; }

    /// <summary>How often a create is told that its name is taken.</summary>
    public int TakenNames { get; set; }

    /// <summary>The first write has come.</summary>
    public Task Begun => begun.Task;

    /// <summary>What every write waits for before it is done.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public async Task<WriteResponse> WriteAsync(WriteRequest request, CancellationToken cancellation)
    {
        begun.TrySetResult();
        await Gate;
        lock (gate)
        {
            Requests.Add(request);
            return Failure is null ? Write(request) with { Warnings = Warnings } : throw Failure();
        }
    }

    public Task<V1Scale> ReadScaleAsync(ObjectKey key, CancellationToken cancellation)
    {
        var set = Require(key).As<V1StatefulSet>();
        return Task.FromResult(new V1Scale
        {
            ApiVersion = "autoscaling/v1",
            Kind = "Scale",
            Metadata = new V1ObjectMeta
            {
                Name = key.Name,
                NamespaceProperty = key.Namespace,
                ResourceVersion = set.Metadata.ResourceVersion,
                Uid = set.Metadata.Uid,
                CreationTimestamp = set.Metadata.CreationTimestamp,
            },
            Spec = new V1ScaleSpec { Replicas = set.Spec.Replicas },
            Status = new V1ScaleStatus { Replicas = 0 },
        });
    }

    private WriteResponse Write(WriteRequest request) => request switch
    {
        { Subresource: "binding" } => Answer(WriteOutcome.Updated, Require(request.Key)),
        { Verb: WriteVerb.Create } => Create(request),
        { Verb: WriteVerb.Delete } => Delete(request),
        _ => Change(request),
    };

    private WriteResponse Create(WriteRequest request)
    {
        if (TakenNames-- > 0 || replica.Find(request.Key) is not null)
        {
            throw ApiErrors.AlreadyExists(ResourceKinds.Of(request.Key), request.Key.Name);
        }

        var uid = identities.NewUid();
        var node = Parse(request);
        var metadata = (JsonObject)(node["metadata"] ??= new JsonObject());
        metadata["uid"] = uid;
        metadata["creationTimestamp"] = clock.NowSeconds.ToString("yyyy-MM-ddTHH:mm:ssZ");
        if (request.Key.Namespace.Length > 0)
        {
            metadata["namespace"] = request.Key.Namespace;
        }

        return Commit(WriteOutcome.Created, request, uid, node);
    }

    private WriteResponse Change(WriteRequest request)
    {
        var current = Require(request.Key);
        var node = JsonNode.Parse(current.ToArray())!.AsObject();
        if (request.Verb == WriteVerb.Update)
        {
            var uid = current.Uid;
            var created = node["metadata"]!["creationTimestamp"]!.GetValue<string>();
            var sent = Parse(request);
            if (sent["metadata"]?["resourceVersion"]?.GetValue<string>() is { Length: > 0 } version && version != $"{current.ResourceVersion}")
            {
                throw ApiErrors.Conflict(ResourceKinds.Of(request.Key), request.Key.Name);
            }

            node = request.Subresource == "scale" ? node : sent;
            node["metadata"]!["uid"] = uid;
            node["metadata"]!["creationTimestamp"] = created;
            if (request.Subresource == "scale")
            {
                node["spec"]!["replicas"] = sent["spec"]!["replicas"]!.GetValue<int>();
            }
        }
        else
        {
            Merge(node, Parse(request));
        }

        return Commit(WriteOutcome.Updated, request, current.Uid, node);
    }

    private WriteResponse Delete(WriteRequest request)
    {
        var current = Require(request.Key);
        if (request.Key.Resource == "pods" && request.DeleteOptions?.GracePeriodSeconds != 0 && current.Metadata.DeletionTimestamp is null)
        {
            var node = JsonNode.Parse(current.ToArray())!.AsObject();
            node["metadata"]!["deletionTimestamp"] = "2025-06-01T00:00:30Z";
            return Commit(WriteOutcome.Updated, request, current.Uid, node);
        }

        return request.DryRun
            ? Answer(WriteOutcome.Removed, current)
            : Answer(WriteOutcome.Removed, replica.Commit(request.Key, current.Uid, null));
    }

    private WriteResponse Commit(WriteOutcome outcome, WriteRequest request, string uid, JsonObject node)
    {
        var kind = ResourceKinds.Of(request.Key);
        node["kind"] = kind.Kind;
        node["apiVersion"] = kind.ApiVersion;
        ((JsonObject)node["metadata"]!).Remove("resourceVersion");
        var model = ObjectJson.Decode(JsonSerializer.SerializeToUtf8Bytes(node), kind.ModelType);
        return Answer(outcome, request.DryRun
            ? new StoredObject(request.Key, uid, 0, ObjectJson.Encode(model))
            : replica.Commit(request.Key, uid, model));
    }

    private StoredObject Require(ObjectKey key) => replica.Find(key) ?? throw ApiErrors.NotFound(ResourceKinds.Of(key), key.Name);

    private static JsonObject Parse(WriteRequest request) => JsonNode.Parse(request.Body.Span)!.AsObject();

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is JsonObject inner && target[name] is JsonObject existing)
            {
                Merge(existing, inner);
            }
            else if (value is null)
            {
                target.Remove(name);
            }
            else if (!name.StartsWith('$'))
            {
                target[name] = value.DeepClone();
            }
        }
    }

    private static WriteResponse Answer(WriteOutcome outcome, StoredObject item) => new() { Outcome = outcome, Object = item };
}
