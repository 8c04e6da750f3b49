using k8s.Models;
using Orleans.StatefulSets.Workloads.Images;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Sandboxes;

/// <summary>What a container of a pod comes to.</summary>
public static class ContainerSetups
{
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>Resolves a container.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="container">The container.</param>
    /// <param name="image">What it is made from.</param>
    /// <param name="hostName">The pod's host name.</param>
    /// <param name="sources">What its variables come from.</param>
    /// <param name="volumes">The pod's volumes by name.</param>
    /// <exception cref="PodConfigurationException">Its configuration does not hold: <c>CreateContainerConfigError</c>.</exception>
    public static ContainerSetup Of(
        V1Pod pod, V1Container container, ContainerImage image, string hostName, IPodSources sources, IReadOnlyDictionary<string, PodVolume> volumes)
    {
        var given = ContainerEnvironment.Of(pod, container, sources);
        Dictionary<string, string> environment = new(StringComparer.Ordinal) { ["PATH"] = DefaultPath, ["HOSTNAME"] = ByteText.FromText(hostName) };
        foreach (var (name, value) in image.Environment.Concat(given))
        {
            environment[ByteText.FromText(name)] = ByteText.FromText(value);
        }

        var user = UserOf(pod, container, image);
        environment.TryAdd("HOME", user.IsRoot ? "/root" : "/");
        var command = (container.Command ?? []).Select(word => VariableExpansion.Expand(word, given)).ToList();
        var arguments = (container.Args ?? []).Select(word => VariableExpansion.Expand(word, given)).ToList();
        List<string> words = command.Count > 0 ? [.. command, .. arguments] : [.. image.Entrypoint, .. arguments.Count > 0 ? arguments : image.Command];
        return new ContainerSetup
        {
            Name = container.Name,
            Image = image,
            Arguments = words.Count == 0 ? throw new PodConfigurationException("no command specified") : [.. words.Select(ByteText.FromText)],
            Environment = environment,
            WorkingDirectory = string.IsNullOrEmpty(container.WorkingDir) ? image.WorkingDirectory : ByteText.FromText(container.WorkingDir),
            User = user,
            Mounts = [.. (container.VolumeMounts ?? []).Select(mount => MountOf(mount, given, volumes))],
            ReadOnlyRoot = container.SecurityContext?.ReadOnlyRootFilesystem == true,
            Stdin = container.Stdin == true,
            StdinOnce = container.StdinOnce == true,
            Tty = container.Tty == true,
            TerminationMessagePath = container.TerminationMessagePath ?? "/dev/termination-log",
            FallsBackToLogs = container.TerminationMessagePolicy == "FallbackToLogsOnError",
        };
    }

    private static ContainerMount MountOf(V1VolumeMount mount, IReadOnlyDictionary<string, string> variables, IReadOnlyDictionary<string, PodVolume> volumes)
    {
        var volume = volumes.GetValueOrDefault(mount.Name) ?? throw new PodConfigurationException($"volume \"{mount.Name}\" is not mounted");
        var part = ByteText.FromText(string.IsNullOrEmpty(mount.SubPathExpr) ? mount.SubPath ?? "" : VariableExpansion.Expand(mount.SubPathExpr, variables));
        return new ContainerMount(
            ByteText.FromText(mount.MountPath), volume.Tree, volume.ReadOnly || mount.ReadOnlyProperty == true, volume.Path.Length == 0 ? part : $"{volume.Path}/{part}".TrimEnd('/'));
    }

    private static Credentials UserOf(V1Pod pod, V1Container container, ContainerImage image)
    {
        var ofPod = pod.Spec.SecurityContext;
        var ofContainer = container.SecurityContext;
        var uid = ofContainer?.RunAsUser ?? ofPod?.RunAsUser ?? image.User.Uid;
        var gid = ofContainer?.RunAsGroup ?? ofPod?.RunAsGroup ?? (uid == image.User.Uid ? image.User.Gid : 0);
        if ((ofContainer?.RunAsNonRoot ?? ofPod?.RunAsNonRoot) == true && uid == 0)
        {
            throw new PodConfigurationException($"container has runAsNonRoot and image will run as root (pod: \"{pod.Metadata.Name}_{pod.Metadata.NamespaceProperty}({pod.Metadata.Uid})\", container: {container.Name})");
        }

        IEnumerable<long?> given = [.. ofPod?.SupplementalGroups ?? [], ofPod?.FsGroup];
        var groups = given.OfType<long>().Select(number => (int)number);
        return new Credentials((int)uid, (int)gid, [.. image.User.Groups.Concat(groups).Distinct()]);
    }
}
