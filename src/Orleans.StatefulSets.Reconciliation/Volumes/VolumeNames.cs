using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Volumes;

/// <summary>The annotations and finalizers of claims and volumes (<c>component-helpers/storage/volume</c>, <c>pkg/volume/util</c>).</summary>
public static class VolumeNames
{
    public const string BindCompleted = "pv.kubernetes.io/bind-completed";
    public const string BoundByController = "pv.kubernetes.io/bound-by-controller";
    public const string ProvisionedBy = "pv.kubernetes.io/provisioned-by";
    public const string StorageProvisioner = "volume.kubernetes.io/storage-provisioner";
    public const string BetaStorageProvisioner = "volume.beta.kubernetes.io/storage-provisioner";
    public const string SelectedNode = "volume.kubernetes.io/selected-node";
    public const string ClaimProtection = "kubernetes.io/pvc-protection";
    public const string VolumeProtection = "kubernetes.io/pv-protection";

    private const string BetaStorageClass = "volume.beta.kubernetes.io/storage-class";

    /// <summary>The name of the volume that is made for a claim.</summary>
    public static string OfVolume(V1PersistentVolumeClaim claim) => $"pvc-{claim.Metadata.Uid}";

    internal static string ClassOf(V1PersistentVolumeClaim claim) =>
        Annotation(claim.Metadata, BetaStorageClass) ?? claim.Spec.StorageClassName ?? "";

    internal static string ClassOf(V1PersistentVolume volume) =>
        Annotation(volume.Metadata, BetaStorageClass) ?? volume.Spec.StorageClassName ?? "";

    internal static string? Annotation(V1ObjectMeta metadata, string name) =>
        metadata.Annotations is { } annotations && annotations.TryGetValue(name, out var value) ? value : null;

    internal static bool HasAnnotation(V1ObjectMeta metadata, string name) => Annotation(metadata, name) is not null;

    internal static V1ObjectMeta WithAnnotations(V1ObjectMeta metadata, params ReadOnlySpan<(string Name, string Value)> added)
    {
        var annotations = new Dictionary<string, string>(metadata.Annotations ?? new Dictionary<string, string>());
        foreach (var (name, value) in added)
        {
            annotations[name] = value;
        }

        return metadata with { Annotations = annotations };
    }

    internal static V1ObjectMeta WithoutAnnotation(V1ObjectMeta metadata, string name)
    {
        var annotations = new Dictionary<string, string>(metadata.Annotations ?? new Dictionary<string, string>());
        annotations.Remove(name);
        return metadata with { Annotations = annotations.Count == 0 ? null : annotations };
    }

    internal static V1ObjectMeta WithoutFinalizer(V1ObjectMeta metadata, string finalizer)
    {
        var finalizers = (metadata.Finalizers ?? []).Where(name => name != finalizer).ToList();
        return metadata with { Finalizers = finalizers.Count == 0 ? null : finalizers };
    }
}
