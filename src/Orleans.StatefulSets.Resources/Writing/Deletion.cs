using k8s.Models;
using Orleans.StatefulSets.Resources.Defaulting;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Resources.Writing;

/// <summary>
/// What a delete does to an object: it goes at once, or it is marked and stays for its grace period, its finalizers or (a
/// namespace) its contents. After apiserver's <c>rest.BeforeDelete</c> and <c>store.go</c>.
/// </summary>
internal static class Deletion
{
    /// <exception cref="ApiException">409: a precondition fails. 403: a namespace of the cluster's own. 422: bad options.</exception>
    public static WriteDecision Decide(ResourceKind kind, StoredObject current, V1DeleteOptions options, DateTime now)
    {
        CheckOptions(options);
        Preconditions.Check(current, options.Preconditions);
        NamespaceLifecycle.CheckDelete(kind, current.Key.Name);
        SystemPriorityClasses.CheckDelete(kind, current.Key.Name);
        var model = ModelCopies.WithoutVersion(current.Model);
        return model switch
        {
            V1Namespace @namespace when @namespace.Metadata.DeletionTimestamp is null => Terminate(kind, @namespace, options, now),
            V1Namespace { Spec.Finalizers.Count: > 0 } => Unchanged(model),
            V1Pod pod => DeletePod(kind, pod, options, now),
            _ => DeleteAtOnce(kind, model, options, now),
        };
    }

    private static WriteDecision DeletePod(ResourceKind kind, V1Pod pod, V1DeleteOptions options, DateTime now)
    {
        var metadata = pod.Metadata;
        if (metadata.DeletionTimestamp is not { } due)
        {
            var grace = GracefulDeletion.PeriodOf(pod, options);
            return Graceful(kind, pod, metadata with
            {
                DeletionTimestamp = now.AddSeconds(grace),
                DeletionGracePeriodSeconds = grace,
                Generation = Raised(metadata.Generation),
            }, options);
        }

        if (metadata.DeletionGracePeriodSeconds is not { } pending)
        {
            return DeleteAtOnce(kind, pod, options, now);
        }

        // Whoever asks again may only make it shorter; a period below zero means the shortest.
        var asked = options.GracePeriodSeconds < 0 ? 1 : options.GracePeriodSeconds;
        return asked is not { } period || period >= pending
            ? Unchanged(pod)
            : Graceful(kind, pod, metadata with
            {
                DeletionTimestamp = due.AddSeconds(period - pending),
                DeletionGracePeriodSeconds = period,
            }, options);
    }

    private static WriteDecision Graceful(ResourceKind kind, V1Pod pod, V1ObjectMeta metadata, V1DeleteOptions options)
    {
        var finalizers = GarbageFinalizers.Apply(kind, metadata.Finalizers ?? [], options);
        var marked = pod with { Metadata = metadata with { Finalizers = NullIfEmpty(finalizers) } };
        var goes = finalizers.Count == 0 && metadata.DeletionGracePeriodSeconds == 0;
        return new WriteDecision { Outcome = goes ? WriteOutcome.Removed : WriteOutcome.Updated, Model = marked };
    }

    private static WriteDecision DeleteAtOnce(ResourceKind kind, object model, V1DeleteOptions options, DateTime now)
    {
        var metadata = ModelCopies.MetadataOf(model);
        IList<string> present = metadata.Finalizers ?? [];
        var finalizers = GarbageFinalizers.Apply(kind, present, options);
        if (finalizers.Count == 0)
        {
            return new WriteDecision { Outcome = WriteOutcome.Removed, Model = model };
        }

        var alreadyMarked = metadata.DeletionTimestamp is { } time && time <= now && metadata.DeletionGracePeriodSeconds == 0;
        return alreadyMarked && ReferenceEquals(finalizers, present)
            ? Unchanged(model)
            : Updated(ModelCopies.WithMetadata(model, Marked(metadata, finalizers, now)));
    }

    // markAsDeleting: no grace, and the generation counts the change of mind once.
    private static V1ObjectMeta Marked(V1ObjectMeta metadata, IList<string> finalizers, DateTime now) => metadata with
    {
        Finalizers = NullIfEmpty(finalizers),
        Generation = metadata.DeletionGracePeriodSeconds is null ? Raised(metadata.Generation) : metadata.Generation,
        DeletionTimestamp = metadata.DeletionTimestamp is { } time && time <= now ? time : now,
        DeletionGracePeriodSeconds = 0,
    };

    // Its contents go first; the finalizer in its spec holds it until then.
    private static WriteDecision Terminate(ResourceKind kind, V1Namespace @namespace, V1DeleteOptions options, DateTime now)
    {
        var finalizers = GarbageFinalizers.Apply(kind, @namespace.Metadata.Finalizers ?? [], options);
        return Updated(@namespace with
        {
            Metadata = @namespace.Metadata with { DeletionTimestamp = now, Finalizers = NullIfEmpty(finalizers) },
            Status = (@namespace.Status ?? new V1NamespaceStatus()) with { Phase = "Terminating" },
        });
    }

    private static void CheckOptions(V1DeleteOptions options)
    {
        var errors = new List<FieldError>();
        if (options.PropagationPolicy is { } policy)
        {
#pragma warning disable CS0618 // Deprecated, and still sent by old clients.
            if (options.OrphanDependents is not null)
            {
                errors.Add(new FieldError("FieldValueInvalid", "propagationPolicy", $"Invalid value: \"{policy}\": orphanDependents and deletionPropagation cannot be both set"));
            }
#pragma warning restore CS0618

            if (policy is not ("Foreground" or "Background" or "Orphan"))
            {
                errors.Add(new FieldError("FieldValueNotSupported", "propagationPolicy", $"Unsupported value: \"{policy}\": supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\""));
            }
        }

        if (errors.Count > 0)
        {
            throw ApiErrors.Invalid(OptionsKind, "", errors);
        }
    }

    private static readonly ResourceKind OptionsKind = new()
    {
        Group = "meta.k8s.io",
        Version = "v1",
        Kind = "DeleteOptions",
        Plural = "deleteoptions",
        Singular = "deleteoptions",
        Namespaced = false,
        ModelType = typeof(V1DeleteOptions),
    };

    private static long? Raised(long? generation) => generation > 0 ? generation + 1 : generation;

    private static IList<string>? NullIfEmpty(IList<string> finalizers) => finalizers.Count == 0 ? null : finalizers;

    private static WriteDecision Unchanged(object model) => new() { Outcome = WriteOutcome.Unchanged, Model = model };

    private static WriteDecision Updated(object model) => new() { Outcome = WriteOutcome.Updated, Model = model };
}
