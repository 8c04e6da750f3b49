using System.Text;
using k8s.Models;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Sandboxes;

/// <summary>
/// The files of configMap, secret, downwardAPI and projected volumes, laid out as the kubelet's atomic writer does: a folder named by its
/// time, <c>..data</c> that points to it, and a link a file. The volumes can only be read.
/// </summary>
public static class KeyFiles
{
    private const int DefaultMode = 0x1A4; // 0644
    private const int AnybodysFolder = 0x1FF; // 0777: a folder of the node's disk
    private const int MemoryFolder = 0x3FF; // 01777: the root of a tmpfs
    private const int GroupFolder = 0x400; // 02000
    private const int GroupReads = 0x20; // 0040

    /// <summary>The files of a volume; null where it is of another type.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="volume">The volume.</param>
    /// <param name="sources">Maps and Secrets.</param>
    /// <param name="at">When the files are written.</param>
    /// <exception cref="PodConfigurationException">What is not optional is missing.</exception>
    public static ImageTree? Find(V1Pod pod, V1Volume volume, IPodSources sources, DateTime at)
    {
        List<KeyFile> files = [];
        var folderMode = MemoryFolder;
        if (volume.ConfigMap is { } config)
        {
            Add(files, config.Name, config.Items, config.DefaultMode, config.Optional, sources);
            folderMode = AnybodysFolder;
        }
        else if (volume.Secret is { } secret)
        {
            AddSecret(files, secret.SecretName, secret.Items, secret.DefaultMode, secret.Optional, sources);
        }
        else if (volume.DownwardAPI is { } downward)
        {
            Add(files, pod, downward.Items, downward.DefaultMode, sources);
        }
        else if (volume.Projected is { } projected)
        {
            Add(files, pod, projected, sources);
        }
        else
        {
            return null;
        }

        return Build(files, folderMode, (int?)pod.Spec.SecurityContext?.FsGroup, at);
    }

    private static void Add(List<KeyFile> files, V1Pod pod, V1ProjectedVolumeSource projected, IPodSources sources)
    {
        foreach (var source in projected.Sources ?? [])
        {
            if (source.ConfigMap is { } config)
            {
                Add(files, config.Name, config.Items, projected.DefaultMode, config.Optional, sources);
            }

            if (source.Secret is { } secret)
            {
                AddSecret(files, secret.Name, secret.Items, projected.DefaultMode, secret.Optional, sources);
            }

            if (source.DownwardAPI is { } downward)
            {
                Add(files, pod, downward.Items, projected.DefaultMode, sources);
            }

            if (source.ServiceAccountToken is { } token)
            {
                // A token of the cluster's own making: opaque to everybody but the API, which asks nobody for one.
                files.Add(new KeyFile(token.Path, Encoding.ASCII.GetBytes($"emulated-token.{pod.Metadata.NamespaceProperty}.{pod.Spec.ServiceAccountName}.{pod.Metadata.Uid}"), 0x180));
            }
        }
    }

    private static void Add(List<KeyFile> files, string name, IList<V1KeyToPath>? items, int? mode, bool? optional, IPodSources sources)
    {
        if (sources.ConfigMap(name) is not { } map)
        {
            Refuse(optional, $"configmap \"{name}\" not found");
            return;
        }

        Dictionary<string, byte[]> data = new(StringComparer.Ordinal);
        foreach (var (key, value) in map.Data ?? new Dictionary<string, string>())
        {
            data[key] = Encoding.UTF8.GetBytes(value);
        }

        foreach (var (key, value) in map.BinaryData ?? new Dictionary<string, byte[]>())
        {
            data[key] = value;
        }

        Add(files, data, items, mode, optional, "config");
    }

    private static void AddSecret(List<KeyFile> files, string name, IList<V1KeyToPath>? items, int? mode, bool? optional, IPodSources sources)
    {
        if (sources.Secret(name) is not { } secret)
        {
            Refuse(optional, $"secret \"{name}\" not found");
            return;
        }

        Add(files, new Dictionary<string, byte[]>(secret.Data ?? new Dictionary<string, byte[]>(), StringComparer.Ordinal), items, mode, optional, "secret");
    }

    private static void Add(List<KeyFile> files, Dictionary<string, byte[]> data, IList<V1KeyToPath>? items, int? mode, bool? optional, string kind)
    {
        if (items is not { Count: > 0 })
        {
            files.AddRange(data.Select(pair => new KeyFile(pair.Key, pair.Value, mode ?? DefaultMode)));
            return;
        }

        foreach (var item in items)
        {
            if (data.TryGetValue(item.Key, out var bytes))
            {
                files.Add(new KeyFile(item.Path, bytes, item.Mode ?? mode ?? DefaultMode));
            }
            else
            {
                Refuse(optional, $"references non-existent {kind} key: {item.Key}");
            }
        }
    }

    private static void Add(List<KeyFile> files, V1Pod pod, IList<V1DownwardAPIVolumeFile>? items, int? mode, IPodSources sources)
    {
        foreach (var item in items ?? [])
        {
            var container = pod.Spec.Containers.Concat(pod.Spec.InitContainers ?? []).FirstOrDefault(other => other.Name == item.ResourceFieldRef?.ContainerName);
            var text = item.FieldRef is { } field ? DownwardFields.Find(pod, field.FieldPath)
                : container is not null ? DownwardFields.Find(container, item.ResourceFieldRef, sources.Node())
                : null;
            files.Add(new KeyFile(item.Path, Encoding.UTF8.GetBytes(text ?? throw new PodConfigurationException($"field label not supported: {item.Path}")), item.Mode ?? mode ?? DefaultMode));
        }
    }

    private static void Refuse(bool? optional, string message)
    {
        if (optional != true)
        {
            throw new PodConfigurationException(message);
        }
    }

    private static ImageTree Build(List<KeyFile> files, int folderMode, int? fsGroup, DateTime at)
    {
        var group = fsGroup ?? 0;
        var image = new ImageBuilder();
        var folder = $"..{at:yyyy_MM_dd_HH_mm_ss}.{at.Ticks % 1_000_000_000:D9}";
        image.Directory("/", fsGroup is null ? folderMode : folderMode | GroupFolder, 0, group).Directory("/" + folder, 0x1ED, 0, group).Link("/..data", folder);
        foreach (var file in files)
        {
            var path = ByteText.FromText(file.Path);
            image.File($"/{folder}/{path}", file.Bytes, fsGroup is null ? file.Mode : file.Mode | GroupReads, 0, group);
            var first = path.Split('/')[0];
            image.Link("/" + first, "..data/" + first);
        }

        return image.Build();
    }

    private sealed record KeyFile(string Path, byte[] Bytes, int Mode);
}
