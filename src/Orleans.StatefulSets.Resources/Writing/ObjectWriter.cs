using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Orleans.StatefulSets.Resources.Decoding;
using Orleans.StatefulSets.Resources.Defaulting;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.FieldManagement;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Strategies;

namespace Orleans.StatefulSets.Resources.Writing;

/// <summary>
/// Decides what a write does to one object: the path that a request takes through an API server, from decoding to storage.
/// Pure; the object's one writer commits what comes of it.
/// </summary>
/// <param name="strategies">What is particular to each kind.</param>
/// <param name="identities">Where uids come from.</param>
public sealed class ObjectWriter(Func<ResourceKind, IObjectStrategy> strategies, IIdentitySource identities)
{
    /// <summary>The scale of a StatefulSet as autoscaling/v1 shows it.</summary>
    public static V1Scale ScaleOf(V1StatefulSet set) => ScaleWrites.Of(set);

    /// <summary>Decides a client's write.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="current">The object as stored, or null.</param>
    /// <param name="cluster">What admission may look up.</param>
    /// <param name="now">The cluster's time; objects carry it in whole seconds.</param>
    /// <exception cref="ApiException">The refusal.</exception>
    public WriteDecision Decide(WriteRequest request, StoredObject? current, IClusterView cluster, DateTime now)
    {
        now = WholeSeconds(now);
        var kind = ResourceKinds.Of(request.Key);
        if (request.Verb == WriteVerb.Create && request.Subresource.Length == 0)
        {
            return Create(kind, request, current, cluster, now);
        }

        if (current is null)
        {
            throw ApiErrors.NotFound(kind, request.Key.Name);
        }

        return request.Verb switch
        {
            WriteVerb.Create => PodBinding.Decide(request, current, now),
            WriteVerb.Delete => Deletion.Decide(kind, current, request.DeleteOptions ?? ObjectDecoder.DecodeDeleteOptions(request.Body), now),
            _ => Update(kind, request, current, cluster, now),
        };
    }

    /// <summary>Admits an object that a controller inside the cluster makes: as a client's create, without decoding and managed fields.</summary>
    /// <returns>The object as it is to be stored, with its uid and creationTimestamp.</returns>
    /// <exception cref="ApiException">403: its namespace is going. 422: it is not valid.</exception>
    public object AdmitNew(object model, IClusterView cluster, DateTime now)
    {
        var kind = ResourceKinds.Of(model.GetType());
        NamespaceLifecycle.CheckCreate(kind, ModelCopies.MetadataOf(model), cluster, mustExist: false);
        return Named(Prepared(kind, model, cluster, now), kind);
    }

    /// <summary>Admits a change that a controller inside the cluster makes: as a client's update, without decoding and managed fields.</summary>
    /// <param name="next">The model that is to be stored; its resourceVersion does not count.</param>
    /// <param name="current">What is stored.</param>
    /// <param name="subresource">"" or <c>status</c>, <c>finalize</c>; <c>binding</c> may set a pod's node and its status together.</param>
    /// <param name="cluster">What admission may look up.</param>
    /// <param name="now">The cluster's time, whole seconds.</param>
    /// <exception cref="ApiException">422: it is not valid, or changes what must stay.</exception>
    public WriteDecision AdmitChange(object next, StoredObject current, string subresource, IClusterView cluster, DateTime now) =>
        Finish(current, subresource == "binding" ? Kept(next, current) : Changed(current.Kind, next, current, subresource, cluster, now), []);

    private WriteDecision Create(ResourceKind kind, WriteRequest request, StoredObject? current, IClusterView cluster, DateTime now)
    {
        var decoded = ObjectDecoder.Decode(kind, request.Body, request.FieldValidation);
        var metadata = ModelCopies.MetadataOf(decoded.Model);
        var named = ObjectNames.WithName(ObjectNames.WithNamespace(metadata, request.Key), request.Key);
        NamespaceLifecycle.CheckCreate(kind, named, cluster, mustExist: true);
        var model = Prepared(kind, ModelCopies.WithMetadata(decoded.Model, named), cluster, now);
        if (named.ResourceVersion is { Length: > 0 } and not "0")
        {
            throw ApiErrors.Plain("resourceVersion should not be set on objects to be created");
        }

        if (current is not null)
        {
            throw ApiErrors.AlreadyExists(kind, request.Key.Name);
        }

        ObjectSize.Check(request, current, model);

        return new WriteDecision
        {
            Outcome = WriteOutcome.Created,
            Model = ManagedFields.AfterWrite(kind, null, model, request.FieldManager, "", now),
            Warnings = [.. decoded.Warnings, .. strategies(kind).Warnings(model)],
        };
    }

    private object Prepared(ResourceKind kind, object model, IClusterView cluster, DateTime now)
    {
        var strategy = strategies(kind);
        var metadata = ModelCopies.MetadataOf(model);
        var prepared = strategy.PrepareForCreate(ModelCopies.WithMetadata(model, metadata with
        {
            Uid = identities.NewUid(),
            CreationTimestamp = WholeSeconds(now),
            DeletionTimestamp = null,
            DeletionGracePeriodSeconds = null,
            SelfLink = null,
            ResourceVersion = null,
        }), cluster, now);
        var errors = strategy.Validate(prepared, cluster);
        return errors.Count == 0 ? prepared : throw ApiErrors.Invalid(kind, metadata.Name ?? "", errors);
    }

    private WriteDecision Update(ResourceKind kind, WriteRequest request, StoredObject current, IClusterView cluster, DateTime now)
    {
        var isScale = request.Subresource == "scale";
        var (next, warnings) = isScale ? ScaleWrites.Next(request, current) : Next(kind, request, current);
        var metadata = ModelCopies.MetadataOf(next);
        if (metadata.Uid is { Length: > 0 } uid && uid != current.Uid)
        {
            throw StorageErrors.OtherUid(kind, request.Key, uid, current.Uid);
        }

        UpdatedMetadata.CheckVersion(kind, request.Key.Name, metadata.ResourceVersion, current.ResourceVersion);
        if (UpdatedMetadata.Violations(metadata, current.Metadata).ToList() is { Count: > 0 } violations)
        {
            throw ApiErrors.Invalid(kind, request.Key.Name, violations);
        }

        var changed = Changed(kind, next, current, isScale ? "" : request.Subresource, cluster, now);
        ObjectSize.Check(request, current, changed);
        var managed = ManagedFields.AfterWrite(kind, current.Model, changed, request.FieldManager, request.Subresource, now);
        return Finish(current, managed, request.Subresource.Length == 0 ? [.. warnings, .. strategies(kind).Warnings(changed)] : warnings);
    }

    private static (object Model, IReadOnlyList<string> Warnings) Next(ResourceKind kind, WriteRequest request, StoredObject current)
    {
        var decoded = request.Verb == WriteVerb.Patch
            ? PatchedBody.Decode(DecodeTarget.Of(kind), request, current.ToArray())
            : ObjectDecoder.Decode(kind, request.Body, request.FieldValidation);
        var metadata = ObjectNames.WithNamespace(ModelCopies.MetadataOf(decoded.Model), request.Key);
        ObjectNames.Check(metadata, request.Key);
        return (ModelCopies.WithMetadata(decoded.Model, metadata), decoded.Warnings);
    }

    private object Changed(ResourceKind kind, object next, StoredObject current, string subresource, IClusterView cluster, DateTime now)
    {
        var strategy = strategies(kind);
        var prepared = strategy.PrepareForUpdate(Kept(next, current), current.Model, subresource, cluster, now);
        var errors = strategy.ValidateUpdate(prepared, current.Model, subresource, cluster);
        return errors.Count == 0 ? prepared : throw ApiErrors.Invalid(kind, current.Key.Name, errors);
    }

    private static object Kept(object next, StoredObject current) =>
        ModelCopies.WithMetadata(next, UpdatedMetadata.Keep(ModelCopies.MetadataOf(next), current.Metadata));

    private static WriteDecision Finish(StoredObject current, object next, IReadOnlyList<string> warnings)
    {
        var model = Named(ModelCopies.WithoutVersion(next), current.Kind);
        var outcome = GoesNow(model) ? WriteOutcome.Removed
            : SaysTheSame(current, model) ? WriteOutcome.Unchanged
            : WriteOutcome.Updated;
        return new WriteDecision
        {
            Outcome = outcome,
            Model = outcome == WriteOutcome.Unchanged ? ModelCopies.WithoutVersion(current.Model) : model,
            Warnings = warnings,
        };
    }

    // store.go's ShouldDeleteDuringUpdate: nothing holds it any more. A namespace is also held by its contents.
    private static bool GoesNow(object model)
    {
        var metadata = ModelCopies.MetadataOf(model);
        return metadata.DeletionTimestamp is not null
            && metadata.Finalizers is null or { Count: 0 }
            && metadata.DeletionGracePeriodSeconds is null or 0
            && model is not V1Namespace { Spec.Finalizers.Count: > 0 };
    }

    private static bool SaysTheSame(StoredObject current, object model)
    {
        var encoded = ObjectJson.Encode(model);
        return current.Payload.Span.SequenceEqual(encoded)
            || SemanticEquality.Same(JsonNode.Parse(current.Payload.Span), JsonNode.Parse(encoded));
    }

    // Every stored object names its kind, whoever made it.
    private static object Named(object model, ResourceKind kind)
    {
        var named = (IKubernetesObject)model;
        if (named.Kind == kind.Kind && named.ApiVersion == kind.ApiVersion)
        {
            return model;
        }

        var copy = (IKubernetesObject)ModelCopies.WithMetadata(model, ModelCopies.MetadataOf(model));
        copy.Kind = kind.Kind;
        copy.ApiVersion = kind.ApiVersion;
        return copy;
    }

    private static DateTime WholeSeconds(DateTime now) => new(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);
}
