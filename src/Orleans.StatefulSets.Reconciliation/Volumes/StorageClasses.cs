using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Volumes;

/// <summary>Storage classes: the one that a new cluster has, and what one says.</summary>
public static class StorageClasses
{
    /// <summary>The provisioner of the default class; it makes its volumes at once, on the node's own disk.</summary>
    public const string Provisioner = "rancher.io/local-path";

    /// <summary>The provisioner of classes whose volumes are made by hand.</summary>
    public const string NoProvisioner = "kubernetes.io/no-provisioner";

    private const string IsDefault = "storageclass.kubernetes.io/is-default-class";

    /// <summary>The default class <c>standard</c>: dynamic, WaitForFirstConsumer, reclaim policy Delete. Without a uid.</summary>
    public static V1StorageClass Standard(DateTime now) => new()
    {
        ApiVersion = "storage.k8s.io/v1",
        Kind = "StorageClass",
        Metadata = new V1ObjectMeta
        {
            Name = "standard",
            CreationTimestamp = new DateTime(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc),
            Annotations = new Dictionary<string, string> { [IsDefault] = "true" },
        },
        Provisioner = Provisioner,
        ReclaimPolicy = "Delete",
        VolumeBindingMode = "WaitForFirstConsumer",
    };

    public static bool WaitsForFirstConsumer(V1StorageClass? storageClass) => storageClass?.VolumeBindingMode == "WaitForFirstConsumer";

    /// <summary>Whether a volume can be made for its claims: every provisioner but the one that stands for none.</summary>
    public static bool CanProvision(V1StorageClass? storageClass) => storageClass is not null && storageClass.Provisioner != NoProvisioner;
}
