using k8s.Models;
using Orleans.StatefulSets.Resources.Quantities;

namespace Orleans.StatefulSets.Reconciliation.Quotas;

/// <summary>What a claim uses of a quota (pkg/quota/v1/evaluator/core/persistent_volume_claims.go).</summary>
internal static class ClaimUsage
{
    private const string ObjectCount = "count/persistentvolumeclaims";
    private const string Claims = "persistentvolumeclaims";
    private const string Storage = "requests.storage";
    private const string OfClass = ".storageclass.storage.k8s.io/";

    public static IReadOnlyDictionary<string, Amount> Of(V1PersistentVolumeClaim claim)
    {
        var usage = new Dictionary<string, Amount> { [ObjectCount] = Amount.One, [Claims] = Amount.One };
        var storageClass = ClassOf(claim);
        if (storageClass.Length > 0)
        {
            usage[storageClass + OfClass + Claims] = Amount.One;
        }

        if (StorageOf(claim) is { } storage)
        {
            usage[Storage] = storage;
            if (storageClass.Length > 0)
            {
                usage[storageClass + OfClass + Storage] = storage;
            }
        }

        return usage;
    }

    /// <summary>Whether a quota's resource is one that claims use (MatchingResources).</summary>
    public static bool Uses(string resource) =>
        resource is ObjectCount or Claims or Storage
        || resource.EndsWith(OfClass + Claims, StringComparison.Ordinal)
        || resource.EndsWith(OfClass + Storage, StringComparison.Ordinal);

    // The annotation of old comes first (GetPersistentVolumeClaimClass).
    private static string ClassOf(V1PersistentVolumeClaim claim) =>
        claim.Metadata.Annotations?.TryGetValue("volume.beta.kubernetes.io/storage-class", out var named) == true ? named : claim.Spec.StorageClassName ?? "";

    // Whole bytes; while a claim is being resized, the larger of what it asks for and what it was given.
    private static Amount? StorageOf(V1PersistentVolumeClaim claim)
    {
        if (claim.Spec.Resources?.Requests?.TryGetValue("storage", out var asked) != true)
        {
            return null;
        }

        var storage = WholeBytes(Amount.Of(asked!));
        return claim.Status?.AllocatedResources?.TryGetValue("storage", out var given) == true && given.ToDecimal() > storage.Value
            ? WholeBytes(Amount.Of(given))
            : storage;
    }

    private static Amount WholeBytes(Amount amount) => amount with { Value = Math.Ceiling(amount.Value) };
}
