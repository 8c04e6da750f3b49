using k8s.Models;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.Defaulting;

/// <summary>
/// The admission plug-in ServiceAccount (plugin/pkg/admission/serviceaccount): names the account and mounts its token.
/// The end of the volume's name is random upstream; here it is a hash of the pod's name, so that the same pod reads the same each time.
/// </summary>
internal static class ServiceAccountAdmission
{
    private const string MountPath = "/var/run/secrets/kubernetes.io/serviceaccount";
    private const string VolumePrefix = "kube-api-access-";
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";
    private const int SuffixLength = 5;

    // An hour and a little: the kubelet asks for a new token well before.
    private const long TokenSeconds = 3607;

    private static readonly V1ProjectedVolumeSource TokenSource = new()
    {
        DefaultMode = VolumeDefaults.FileMode,
        Sources =
        [
            new V1VolumeProjection { ServiceAccountToken = new V1ServiceAccountTokenProjection { ExpirationSeconds = TokenSeconds, Path = "token" } },
            new V1VolumeProjection
            {
                ConfigMap = new V1ConfigMapProjection { Name = "kube-root-ca.crt", Items = [new V1KeyToPath { Key = "ca.crt", Path = "ca.crt" }] },
            },
            new V1VolumeProjection
            {
                DownwardAPI = new V1DownwardAPIProjection
                {
                    Items =
                    [
                        new V1DownwardAPIVolumeFile
                        {
                            Path = "namespace",
                            FieldRef = new V1ObjectFieldSelector { ApiVersion = "v1", FieldPath = "metadata.namespace" },
                        },
                    ],
                },
            },
        ],
    };

    /// <summary>The spec with its account named and, where that is wanted, its token mounted.</summary>
    public static V1PodSpec Admit(V1ObjectMeta metadata, V1PodSpec spec, IClusterView cluster)
    {
        var name = string.IsNullOrEmpty(spec.ServiceAccountName) ? "default" : spec.ServiceAccountName;
        var account = cluster.Find(ResourceKinds.ServiceAccounts.Key(metadata.NamespaceProperty ?? "", name))?.As<V1ServiceAccount>();
        var named = spec with
        {
            ServiceAccountName = name,
            ServiceAccount = name,
            ImagePullSecrets = spec.ImagePullSecrets is { Count: > 0 } ? spec.ImagePullSecrets : account?.ImagePullSecrets ?? spec.ImagePullSecrets,
        };
        var mounts = spec.AutomountServiceAccountToken ?? account?.AutomountServiceAccountToken ?? true;
        return mounts ? Mount(metadata, named) : named;
    }

    private static V1PodSpec Mount(V1ObjectMeta metadata, V1PodSpec spec)
    {
        var existing = spec.Volumes?.FirstOrDefault(IsToken);
        var volume = existing ?? new V1Volume { Name = VolumePrefix + Suffix(metadata), Projected = TokenSource };
        var mount = new V1VolumeMount { Name = volume.Name, MountPath = MountPath, ReadOnlyProperty = true };
        V1Container Mounted(V1Container container) => container.VolumeMounts?.Any(other => other.MountPath == MountPath) == true
            ? container
            : container with { VolumeMounts = container.VolumeMounts is null ? [mount] : [.. container.VolumeMounts, mount] };
        var containers = SharedLists.Each(spec.Containers, Mounted);
        var initContainers = SharedLists.Each(spec.InitContainers, Mounted);
        var isUsed = !ReferenceEquals(containers, spec.Containers) || !ReferenceEquals(initContainers, spec.InitContainers);
        return !isUsed ? spec : spec with
        {
            Containers = containers,
            InitContainers = initContainers,
            Volumes = existing is not null ? spec.Volumes : spec.Volumes is null ? [volume] : [.. spec.Volumes, volume],
        };
    }

    private static bool IsToken(V1Volume volume) =>
        volume.Name?.StartsWith(VolumePrefix, StringComparison.Ordinal) == true && volume.Projected is not null;

    private static string Suffix(V1ObjectMeta metadata)
    {
        // FNV-1a: short, stable across processes, and good enough to spread five letters.
        var hash = 14695981039346656037UL;
        foreach (var letter in $"{metadata.NamespaceProperty}/{metadata.Name ?? metadata.GenerateName}")
        {
            hash = (hash ^ letter) * 1099511628211UL;
        }

        return string.Create(SuffixLength, hash, static (text, bits) =>
        {
            for (var index = 0; index < text.Length; index++)
            {
                text[index] = Alphabet[(int)(bits % (ulong)Alphabet.Length)];
                bits /= (ulong)Alphabet.Length;
            }
        });
    }
}
