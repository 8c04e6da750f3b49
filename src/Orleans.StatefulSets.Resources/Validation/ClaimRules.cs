using k8s.Models;
using Orleans.StatefulSets.Resources.Defaulting;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>ValidatePersistentVolumeClaimSpec and its update (pkg/apis/core/validation/validation.go).</summary>
internal static class ClaimRules
{
    private const string ImmutableSpec =
        "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";

    /// <summary>A claim's spec, of a claim or of a claim template.</summary>
    public static void Check(V1PersistentVolumeClaimSpec spec, string path, FieldErrors errors)
    {
        if (spec.AccessModes is not { Count: > 0 })
        {
            errors.Required($"{path}.accessModes", "at least 1 access mode is required");
        }

        if (spec.Selector is not null)
        {
            LabelSelectorRules.Check(spec.Selector, $"{path}.selector", errors);
        }

        VolumeModeRules.CheckAccessModes(spec.AccessModes, $"{path}.accessModes", errors);
        if (spec.Resources?.Requests is null || !spec.Resources.Requests.TryGetValue("storage", out var storage))
        {
            errors.Required($"{path}.resources[storage]");
        }
        else
        {
            VolumeModeRules.CheckPositive(storage, $"{path}.resources[storage]", errors);
        }

        if (!string.IsNullOrEmpty(spec.StorageClassName))
        {
            foreach (var problem in NameRules.Subdomain(spec.StorageClassName))
            {
                errors.Invalid($"{path}.storageClassName", spec.StorageClassName, problem);
            }
        }

        if (spec.VolumeMode is not null)
        {
            errors.OneOf($"{path}.volumeMode", spec.VolumeMode, "Block", "Filesystem");
        }
    }

    /// <summary>What an update may not change: everything but the request, which may only grow, and only once the claim is bound.</summary>
    public static void CheckUpdate(V1PersistentVolumeClaim next, V1PersistentVolumeClaim current, FieldErrors errors)
    {
        var isBound = current.Status?.Phase == "Bound";
        var restored = next.Spec;
        if (string.IsNullOrEmpty(current.Spec.VolumeName))
        {
            // The binder names the volume.
            restored = restored with { VolumeName = current.Spec.VolumeName };
        }

        if (current.Spec.StorageClassName is null)
        {
            // A claim that was made before there was a default class gets it later.
            restored = restored with { StorageClassName = null };
        }

        if (isBound)
        {
            restored = restored with { Resources = current.Spec.Resources, VolumeAttributesClassName = current.Spec.VolumeAttributesClassName };
        }

        if (!SemanticEquality.Same(restored, current.Spec))
        {
            errors.Forbidden("spec", ImmutableSpec);
        }

        if (isBound && Storage(next.Spec) < Storage(current.Spec))
        {
            errors.Forbidden("spec.resources.requests.storage", "field can not be less than status.capacity");
        }
    }

    private static decimal? Storage(V1PersistentVolumeClaimSpec spec) =>
        spec.Resources?.Requests is { } requests && requests.TryGetValue("storage", out var quantity) ? quantity.ToDecimal() : null;
}
