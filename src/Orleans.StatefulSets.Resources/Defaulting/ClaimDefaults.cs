using k8s.Models;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.Defaulting;

/// <summary>Defaults of claims and volumes, and what DefaultStorageClass and StorageObjectInUseProtection add.</summary>
internal static class ClaimDefaults
{
    public const string ClaimProtection = "kubernetes.io/pvc-protection";
    public const string VolumeProtection = "kubernetes.io/pv-protection";
    public const string DefaultClassAnnotation = "storageclass.kubernetes.io/is-default-class";
    public const string BetaDefaultClassAnnotation = "storageclass.beta.kubernetes.io/is-default-class";
    private const string ClassAnnotation = "volume.beta.kubernetes.io/storage-class";

    /// <summary>A claim's spec with its volume mode and resources; the same instance where nothing was missing.</summary>
    public static V1PersistentVolumeClaimSpec Fill(V1PersistentVolumeClaimSpec spec) =>
        spec.VolumeMode is not null && spec.Resources is not null
            ? spec
            : spec with { VolumeMode = spec.VolumeMode ?? "Filesystem", Resources = spec.Resources ?? new V1VolumeResourceRequirements() };

    /// <summary>
    /// A claim template as upstream stores it inside a StatefulSet: typed, Pending, its mode filled in.
    /// The same instance where nothing was missing.
    /// </summary>
    public static V1PersistentVolumeClaim FillTemplate(V1PersistentVolumeClaim template)
    {
        var spec = Fill(template.Spec ?? new V1PersistentVolumeClaimSpec());
        var complete = ReferenceEquals(spec, template.Spec)
            && !string.IsNullOrEmpty(template.ApiVersion)
            && !string.IsNullOrEmpty(template.Kind)
            && !string.IsNullOrEmpty(template.Status?.Phase);
        return complete ? template : template with
        {
            ApiVersion = string.IsNullOrEmpty(template.ApiVersion) ? "v1" : template.ApiVersion,
            Kind = string.IsNullOrEmpty(template.Kind) ? "PersistentVolumeClaim" : template.Kind,
            Spec = spec,
            Status = (template.Status ?? new V1PersistentVolumeClaimStatus()) with { Phase = "Pending" },
        };
    }

    /// <summary>The spec with the default class, where the claim names none (a class "" is a name: no class at all).</summary>
    public static V1PersistentVolumeClaimSpec WithClass(V1PersistentVolumeClaim claim, V1PersistentVolumeClaimSpec spec, IClusterView cluster)
    {
        if (spec.StorageClassName is not null || claim.Metadata.Annotations?.ContainsKey(ClassAnnotation) == true)
        {
            return spec;
        }

        return DefaultClass(cluster) is { } name ? spec with { StorageClassName = name } : spec;
    }

    /// <summary>Whether a class is annotated as the default one.</summary>
    public static bool IsDefaultClass(V1ObjectMeta metadata) => metadata.Annotations is { } annotations
        && (IsTrue(annotations, DefaultClassAnnotation) || IsTrue(annotations, BetaDefaultClassAnnotation));

    // Of several defaults the newest counts, and of equally new ones the first by name (pkg/volume/util/storageclass.go).
    private static string? DefaultClass(IClusterView cluster) => cluster.List(ResourceKinds.StorageClasses.Resource, null)
        .Select(stored => stored.Metadata)
        .Where(IsDefaultClass)
        .OrderByDescending(metadata => metadata.CreationTimestamp)
        .ThenBy(metadata => metadata.Name, StringComparer.Ordinal)
        .FirstOrDefault()?.Name;

    private static bool IsTrue(IDictionary<string, string> annotations, string key) =>
        annotations.TryGetValue(key, out var value) && value == "true";
}
