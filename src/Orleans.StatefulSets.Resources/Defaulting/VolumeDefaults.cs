using k8s.Models;

namespace Orleans.StatefulSets.Resources.Defaulting;

/// <summary>SetDefaults_Volume and the defaults of each volume source (pkg/apis/core/v1/defaults.go).</summary>
internal static class VolumeDefaults
{
    /// <summary>0644, the mode of projected files.</summary>
    public const int FileMode = 420;

    private static readonly V1Volume Sourceless = new();

    /// <summary>A volume with its defaults; the same instance where nothing was missing.</summary>
    public static V1Volume Fill(V1Volume volume) => volume switch
    {
        { PersistentVolumeClaim: not null } or { EmptyDir: not null } => volume,
        { ConfigMap: { DefaultMode: null } source } => volume with { ConfigMap = source with { DefaultMode = FileMode } },
        { Secret: { DefaultMode: null } source } => volume with { Secret = source with { DefaultMode = FileMode } },
        { DownwardAPI: { } source } => FillDownward(volume, source),
        { Projected: { } source } => FillProjected(volume, source),
        { HostPath: { Type: null } source } => volume with { HostPath = source with { Type = "" } },
        { Ephemeral.VolumeClaimTemplate: { Spec: { } spec } template } => ClaimDefaults.Fill(spec) is var filled && ReferenceEquals(filled, spec)
            ? volume
            : volume with { Ephemeral = volume.Ephemeral with { VolumeClaimTemplate = template with { Spec = filled } } },
        { Iscsi: { IscsiInterface: null or "" } source } => volume with { Iscsi = source with { IscsiInterface = "default" } },
        { Rbd: { } source } => FillRbd(volume, source),
        { AzureDisk: { } source } => FillAzureDisk(volume, source),
        { ScaleIO: { } source } => FillScaleIO(volume, source),
        _ => HasNoSource(volume) ? volume with { EmptyDir = new V1EmptyDirVolumeSource() } : volume,
    };

    private static bool HasNoSource(V1Volume volume) => volume with { Name = null } == Sourceless;

    private static V1Volume FillDownward(V1Volume volume, V1DownwardAPIVolumeSource source)
    {
        var items = SharedLists.Each(source.Items, FillFile);
        return source.DefaultMode is not null && ReferenceEquals(items, source.Items)
            ? volume
            : volume with { DownwardAPI = source with { DefaultMode = source.DefaultMode ?? FileMode, Items = items } };
    }

    private static V1Volume FillProjected(V1Volume volume, V1ProjectedVolumeSource source)
    {
        var sources = SharedLists.Each(source.Sources, FillProjection);
        return source.DefaultMode is not null && ReferenceEquals(sources, source.Sources)
            ? volume
            : volume with { Projected = source with { DefaultMode = source.DefaultMode ?? FileMode, Sources = sources } };
    }

    private static V1VolumeProjection FillProjection(V1VolumeProjection projection)
    {
        if (projection.ServiceAccountToken is { ExpirationSeconds: null } token)
        {
            return projection with { ServiceAccountToken = token with { ExpirationSeconds = 3600 } };
        }

        var items = SharedLists.Each(projection.DownwardAPI?.Items, FillFile);
        return projection.DownwardAPI is null || ReferenceEquals(items, projection.DownwardAPI.Items)
            ? projection
            : projection with { DownwardAPI = projection.DownwardAPI with { Items = items } };
    }

    private static V1DownwardAPIVolumeFile FillFile(V1DownwardAPIVolumeFile file)
    {
        var field = ContainerDefaults.FieldReference(file.FieldRef);
        var resource = ContainerDefaults.ResourceReference(file.ResourceFieldRef);
        return ReferenceEquals(field, file.FieldRef) && ReferenceEquals(resource, file.ResourceFieldRef)
            ? file
            : file with { FieldRef = field, ResourceFieldRef = resource };
    }

    private static V1Volume FillRbd(V1Volume volume, V1RBDVolumeSource source) =>
        string.IsNullOrEmpty(source.Pool) || string.IsNullOrEmpty(source.User) || string.IsNullOrEmpty(source.Keyring)
            ? volume with
            {
                Rbd = source with
                {
                    Pool = Or(source.Pool, "rbd"),
                    User = Or(source.User, "admin"),
                    Keyring = Or(source.Keyring, "/etc/ceph/keyring"),
                },
            }
            : volume;

    private static V1Volume FillAzureDisk(V1Volume volume, V1AzureDiskVolumeSource source) =>
        source.CachingMode is null || source.Kind is null || source.FsType is null || source.ReadOnlyProperty is null
            ? volume with
            {
                AzureDisk = source with
                {
                    CachingMode = source.CachingMode ?? "ReadWrite",
                    Kind = source.Kind ?? "Shared",
                    FsType = source.FsType ?? "ext4",
                    ReadOnlyProperty = source.ReadOnlyProperty ?? false,
                },
            }
            : volume;

    private static V1Volume FillScaleIO(V1Volume volume, V1ScaleIOVolumeSource source) =>
        string.IsNullOrEmpty(source.StorageMode) || string.IsNullOrEmpty(source.FsType)
            ? volume with { ScaleIO = source with { StorageMode = Or(source.StorageMode, "ThinProvisioned"), FsType = Or(source.FsType, "xfs") } }
            : volume;

    private static string Or(string? given, string otherwise) => string.IsNullOrEmpty(given) ? otherwise : given;
}
