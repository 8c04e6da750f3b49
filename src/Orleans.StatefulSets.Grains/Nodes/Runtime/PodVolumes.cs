using k8s.Models;
using Orleans.StatefulSets.Grains.Files;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Time;
using Orleans.StatefulSets.Reconciliation.Volumes;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Sandboxes;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Grains.Nodes.Runtime;

/// <summary>A volume of a pod can't be mounted. The message is a kubelet's.</summary>
internal sealed class VolumeMountException(string message) : Exception(message);

/// <summary>Where the files of pods' volumes are: the volume's own tree, the node's, the pod's, or what a map says.</summary>
internal sealed class PodVolumes(FileTrees trees, ReplicaSet replicas, SimulatedTime time, RuntimeSettings settings)
{
    private const int AnybodysFolder = 0x1FF; // 0777
    private const int GroupsFolder = 0x438; // 02070

    private long uses;

    /// <summary>Another use of volumes: an inside of a pod that begins, and ends the one before if that is still about.</summary>
    public long Begin() => Interlocked.Increment(ref uses);

    /// <summary>The volumes of a pod on a node, by name.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="nodeName">The node.</param>
    /// <param name="use"><see cref="Begin"/>.</param>
    /// <param name="sources">What maps and the like are read from.</param>
    /// <exception cref="VolumeMountException">One of them can't be had.</exception>
    public async Task<IReadOnlyDictionary<string, PodVolume>> OpenAsync(V1Pod pod, string nodeName, long use, IPodSources sources)
    {
        Dictionary<string, PodVolume> volumes = new(StringComparer.Ordinal);
        foreach (var volume in pod.Spec.Volumes ?? [])
        {
            try
            {
                volumes[volume.Name] = await OpenAsync(pod, volume, nodeName, use, sources);
            }
            catch (PodConfigurationException failure)
            {
                throw new VolumeMountException($"MountVolume.SetUp failed for volume \"{volume.Name}\" : {failure.Message}");
            }
        }

        return volumes;
    }

    /// <summary>Deletes what a pod kept in emptyDirs: the pod is gone.</summary>
    public async Task DeleteAsync(V1Pod pod)
    {
        foreach (var volume in (pod.Spec.Volumes ?? []).Where(volume => volume.EmptyDir is { Medium: not "Memory" }))
        {
            await trees.DeleteAsync(TreeNames.OfEmptyDir(pod.Metadata.Uid, volume.Name));
        }
    }

    /// <summary>Lets the volumes of a pod go, as far as no later use has them.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="nodeName">The node.</param>
    /// <param name="use"><see cref="Begin"/>.</param>
    /// <param name="opened">Those that were opened.</param>
    public async Task CloseAsync(V1Pod pod, string nodeName, long use, IEnumerable<PodVolume> opened)
    {
        foreach (var tree in opened.Select(volume => volume.Tree).OfType<RemoteTree>())
        {
            await tree.EndAsync();
        }

        foreach (var claim in (pod.Spec.Volumes ?? []).Select(volume => ClaimOf(pod, volume)).OfType<string>())
        {
            if (VolumeOf(pod, claim) is { } volume && !IsOnNode(volume))
            {
                await trees.DetachAsync(TreeNames.OfVolume(volume.Metadata.Uid), HolderOf(pod, nodeName), use);
            }
        }
    }

    private async Task<PodVolume> OpenAsync(V1Pod pod, V1Volume volume, string nodeName, long use, IPodSources sources)
    {
        if (ClaimOf(pod, volume) is { } claim)
        {
            var opened = OpenClaim(pod, claim, volume.PersistentVolumeClaim?.ReadOnlyProperty == true, nodeName, use);
            await GiveToGroupAsync(opened, (int?)pod.Spec.SecurityContext?.FsGroup);
            return opened;
        }

        if (volume.HostPath is { } host)
        {
            return new PodVolume(NodeTree(nodeName, pod, use), ByteText.FromText(host.Path));
        }

        if (KeyFiles.Find(pod, volume, sources, time.GetUtcNow().UtcDateTime) is { } files)
        {
            return new PodVolume(new MemoryTree(settings.Limits.LayerBytes, time, files), ReadOnly: true);
        }

        var size = volume.EmptyDir?.SizeLimit is { } limit ? (long)limit.ToDecimal() : settings.Limits.LayerBytes;
        IFileTree tree = volume.EmptyDir is { Medium: not "Memory" }
            ? trees.Open(TreeNames.OfEmptyDir(pod.Metadata.Uid, volume.Name), size, HolderOf(pod, nodeName), exclusive: false, use)
            : new MemoryTree(size, time) { FileBytes = settings.Limits.FileBytes };
        var group = (int?)pod.Spec.SecurityContext?.FsGroup;
        await tree.ChangeAsync(tree.Root, new AttributeChange { Mode = group is null ? AnybodysFolder : AnybodysFolder | 0x400, Gid = group });
        return new PodVolume(tree);
    }

    // The kubelet gives a volume to the pod's fsGroup, as far as its folder goes: what is made in it from then on is the group's.
    private static async Task GiveToGroupAsync(PodVolume volume, int? group)
    {
        if (group is null || volume.ReadOnly || volume.Path.Length > 0)
        {
            return;
        }

        var root = await volume.Tree.GetAsync(volume.Tree.Root);
        if (root.Gid != group)
        {
            await volume.Tree.ChangeAsync(root.Number, new AttributeChange { Gid = group, Mode = root.Mode | GroupsFolder });
        }
    }

    private PodVolume OpenClaim(V1Pod pod, string claim, bool readOnly, string nodeName, long use)
    {
        var volume = VolumeOf(pod, claim) ?? throw new PodConfigurationException($"persistentvolumeclaim \"{claim}\" is not bound");
        if (IsOnNode(volume))
        {
            return new PodVolume(NodeTree(nodeName, pod, use), ByteText.FromText(volume.Spec.HostPath?.Path ?? volume.Spec.Local.Path), readOnly);
        }

        var capacity = volume.Spec.Capacity?.TryGetValue("storage", out var size) == true ? (long)size.ToDecimal() : settings.Limits.LayerBytes;
        var isExclusive = volume.Spec.AccessModes?.All(mode => mode is "ReadWriteOnce" or "ReadWriteOncePod") != false;
        return new PodVolume(trees.Open(TreeNames.OfVolume(volume.Metadata.Uid), capacity, HolderOf(pod, nodeName), isExclusive, use), ReadOnly: readOnly);
    }

    // A volume that somebody made by hand of a node's folder is that folder; one that a provisioner made is a disk of its own.
    private static bool IsOnNode(V1PersistentVolume volume) =>
        volume.Spec.Local is not null || (volume.Spec.HostPath is not null && volume.Metadata.Annotations?.ContainsKey(VolumeNames.ProvisionedBy) != true);

    private IFileTree NodeTree(string nodeName, V1Pod pod, long use) => trees.Open(TreeNames.OfNode(nodeName), settings.NodeDiskBytes, HolderOf(pod, nodeName), exclusive: false, use);

    private static string HolderOf(V1Pod pod, string nodeName) => $"{pod.Metadata.Uid}@{nodeName}";

    private static string? ClaimOf(V1Pod pod, V1Volume volume) =>
        volume.PersistentVolumeClaim?.ClaimName ?? (volume.Ephemeral is null ? null : $"{pod.Metadata.Name}-{volume.Name}");

    private V1PersistentVolume? VolumeOf(V1Pod pod, string claim) =>
        replicas.Find(ResourceKinds.PersistentVolumeClaims.Key(pod.Metadata.NamespaceProperty, claim))?.As<V1PersistentVolumeClaim>() is { Spec.VolumeName: { Length: > 0 } name }
            ? replicas.Find(ResourceKinds.PersistentVolumes.Key("", name))?.As<V1PersistentVolume>()
            : null;
}
