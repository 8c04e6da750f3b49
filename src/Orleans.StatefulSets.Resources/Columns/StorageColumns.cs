using k8s.Models;
using Orleans.StatefulSets.Resources.Defaulting;

namespace Orleans.StatefulSets.Resources.Columns;

/// <summary>printPersistentVolumeClaim, printPersistentVolume and printStorageClass.</summary>
internal static class StorageColumns
{
    private const string Unset = "<unset>";

    public static readonly TableLayout Claims = Column.Layout<V1PersistentVolumeClaim>(
        [
            Column.Name,
            Column.Text("Status", "phase represents the current phase of PersistentVolumeClaim."),
            Column.Text("Volume", "volumeName is the binding reference to the PersistentVolume backing this claim."),
            Column.Text("Capacity", "capacity represents the actual resources of the underlying volume."),
            Column.Text("Access Modes", "accessModes contains the actual access modes the volume backing the PVC has."),
            Column.Text("StorageClass", "StorageClass of the pvc"),
            Column.Text("VolumeAttributesClass", "VolumeAttributesClass of the pvc"),
            Column.Age,
            Column.Wide("VolumeMode", "volumeMode defines what type of volume is required by the claim. Value of Filesystem is implied when not included in claim spec."),
        ],
        ClaimCells);

    public static readonly TableLayout Volumes = Column.Layout<V1PersistentVolume>(
        [
            Column.Name,
            Column.Text("Capacity", "capacity is the description of the persistent volume's resources and capacity."),
            Column.Text("Access Modes", "accessModes contains all ways the volume can be mounted."),
            Column.Text("Reclaim Policy", "persistentVolumeReclaimPolicy defines what happens to a persistent volume when released from its claim."),
            Column.Text("Status", "phase indicates if a volume is available, bound to a claim, or released by a claim."),
            Column.Text("Claim", "claimRef is part of a bi-directional binding between PersistentVolume and PersistentVolumeClaim."),
            Column.Text("StorageClass", "StorageClass of the pv"),
            Column.Text("VolumeAttributesClass", "VolumeAttributesClass of the pv"),
            Column.Text("Reason", "reason is a brief CamelCase string that describes any failure and is meant for machine parsing and tidy display in the CLI."),
            Column.Age,
            Column.Wide("VolumeMode", "volumeMode defines if a volume is intended to be used with a formatted filesystem or to remain in raw block state."),
        ],
        VolumeCells);

    public static readonly TableLayout Classes = Column.Layout<V1StorageClass>(
        [
            Column.Name,
            Column.Text("Provisioner", "provisioner indicates the type of the provisioner."),
            Column.Text("ReclaimPolicy", "reclaimPolicy controls the reclaimPolicy for dynamically provisioned PersistentVolumes of this storage class. Defaults to Delete."),
            Column.Text("VolumeBindingMode", "volumeBindingMode indicates how PersistentVolumeClaims should be provisioned and bound.  When unset, VolumeBindingImmediate is used."),
            Column.Text("AllowVolumeExpansion", "allowVolumeExpansion shows whether the storage class allow volume expand."),
            Column.Age,
        ],
        static (model, now) =>
        [
            ClaimDefaults.IsDefaultClass(model.Metadata) ? $"{model.Metadata.Name} (default)" : model.Metadata.Name,
            model.Provisioner,
            model.ReclaimPolicy ?? "Delete",
            model.VolumeBindingMode ?? "<unset>",
            model.AllowVolumeExpansion ?? false,
            HumanDuration.Since(model.Metadata.CreationTimestamp, now),
        ]);

    private static object?[] ClaimCells(V1PersistentVolumeClaim claim, DateTime now)
    {
        var isBound = !string.IsNullOrEmpty(claim.Spec?.VolumeName);
        return
        [
            claim.Metadata.Name,
            claim.Metadata.DeletionTimestamp is null ? claim.Status?.Phase ?? "" : "Terminating",
            claim.Spec?.VolumeName ?? "",
            isBound ? Storage(claim.Status?.Capacity) : "",
            isBound ? Modes(claim.Status?.AccessModes) : "",
            claim.Metadata.Annotations?.TryGetValue("volume.beta.kubernetes.io/storage-class", out var annotated) == true
                ? annotated
                : claim.Spec?.StorageClassName ?? "",
            claim.Spec?.VolumeAttributesClassName ?? Unset,
            HumanDuration.Since(claim.Metadata.CreationTimestamp, now),
            claim.Spec?.VolumeMode ?? Unset,
        ];
    }

    private static object?[] VolumeCells(V1PersistentVolume volume, DateTime now) =>
    [
        volume.Metadata.Name,
        Storage(volume.Spec?.Capacity),
        Modes(volume.Spec?.AccessModes),
        volume.Spec?.PersistentVolumeReclaimPolicy ?? "",
        volume.Metadata.DeletionTimestamp is null ? volume.Status?.Phase ?? "" : "Terminating",
        volume.Spec?.ClaimRef is { } claim ? $"{claim.NamespaceProperty}/{claim.Name}" : "",
        volume.Metadata.Annotations?.TryGetValue("volume.beta.kubernetes.io/storage-class", out var annotated) == true
            ? annotated
            : volume.Spec?.StorageClassName ?? "",
        volume.Spec?.VolumeAttributesClassName ?? Unset,
        volume.Status?.Reason ?? "",
        HumanDuration.Since(volume.Metadata.CreationTimestamp, now),
        volume.Spec?.VolumeMode ?? Unset,
    ];

    // Go prints the quantity 0 where there is none.
    private static string Storage(IDictionary<string, ResourceQuantity>? amounts) =>
        amounts is not null && amounts.TryGetValue("storage", out var storage) ? storage.ToString() : "0";

    private static string Modes(IList<string>? modes)
    {
        var texts = new List<string>(4);
        foreach (var (mode, text) in (ReadOnlySpan<(string, string)>)
            [("ReadWriteOnce", "RWO"), ("ReadOnlyMany", "ROX"), ("ReadWriteMany", "RWX"), ("ReadWriteOncePod", "RWOP")])
        {
            if (modes?.Contains(mode) == true)
            {
                texts.Add(text);
            }
        }

        return string.Join(',', texts);
    }
}
