using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Workloads.Images;

namespace Orleans.StatefulSets.Grains.Nodes.Runtime;

/// <summary>Which containers must really run. The others are as they would be if they ran, until somebody looks.</summary>
/// <param name="images">How images behave.</param>
internal sealed class RunKinds(ImageCatalog images)
{
    private static readonly IReadOnlySet<string> None = new HashSet<string>();

    /// <summary>The names of a pod's containers that really run from their start on.</summary>
    public IReadOnlySet<string> Of(V1Pod pod)
    {
        HashSet<string>? real = null;
        var servers = 0;
        foreach (var container in pod.Spec.InitContainers is { Count: > 0 } inits ? inits.Concat(pod.Spec.Containers) : pod.Spec.Containers)
        {
            var serves = RunsWhenAsked(pod, container);
            servers += serves ? 1 : 0;
            // Two servers of one pod may want the same port: which of them gets it only their start tells.
            if (!(serves && servers == 1) && !IsKnown(pod, container))
            {
                (real ??= new HashSet<string>(StringComparer.Ordinal)).Add(container.Name);
            }
        }

        return real ?? None;
    }

    /// <summary>The container waits to be asked, by its image's own behavior.</summary>
    public bool RunsWhenAsked(V1Pod pod, V1Container container) =>
        !IsWatched(container) && !IsAltered(pod, container) && Find(container) is { RunsWhenAsked: true } image && IsOwn(pod, container, image);

    // What has no name has no behavior either; the kubelet says so.
    private ContainerImage? Find(V1Container container)
    {
        try
        {
            return images.Find(container);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    // A server that stands in for what is not emulated takes any arguments, and stands in for any program that its files don't have.
    private static bool IsOwn(V1Pod pod, V1Container container, ContainerImage image) => container.Command is { Count: > 0 } command
        ? image.IsStandIn && image.Programs.Find(command[0][(command[0].LastIndexOf('/') + 1)..]) is null
            && (container.VolumeMounts ?? []).All(mount => !command[0].StartsWith(mount.MountPath, StringComparison.Ordinal))
        : image.IsStandIn || (container.Args is not { Count: > 0 } && image.MayWait(container, pod.Spec.SecurityContext));

    private static bool IsKnown(V1Pod pod, V1Container container) => ContainerProgram.IsAll(container) && !IsWatched(container) && !MayBeRefused(pod, container);

    private static bool IsWatched(V1Container container) =>
        container.Lifecycle is not null || container.StartupProbe is not null || container.LivenessProbe is not null || container.ReadinessProbe is not null
        || container.Stdin == true || container.Tty == true;

    // What is mounted or restricted may keep a server from starting.
    private static bool IsAltered(V1Pod pod, V1Container container) =>
        container.SecurityContext is { } own && (own.RunAsUser is not null || own.RunAsNonRoot is not null || own.ReadOnlyRootFilesystem == true)
        || pod.Spec.SecurityContext is { } common && (common.RunAsUser is not null || common.RunAsNonRoot is not null)
        || MayBeRefused(pod, container) || (container.VolumeMounts ?? []).Any(mount => Configures(pod, mount));

    // What it needs may not be there, or not be as it must be: that is found out by making it.
    private static bool MayBeRefused(V1Pod pod, V1Container container) =>
        container.EnvFrom is { Count: > 0 } || (container.Env ?? []).Any(variable => variable.ValueFrom?.ConfigMapKeyRef is not null || variable.ValueFrom?.SecretKeyRef is not null)
        || container.SecurityContext?.RunAsNonRoot is not null || pod.Spec.SecurityContext?.RunAsNonRoot is not null
        || (pod.Spec.Volumes ?? []).Any(MayBeRefused);

    // The certificates that every pod gets stand in each namespace.
    private const string FurnishedMap = "kube-root-ca.crt";

    private static bool MayBeRefused(V1Volume volume) =>
        volume.ConfigMap is { Optional: not true } || volume.Secret is { Optional: not true } || volume.HostPath is { Type.Length: > 0 }
        || (volume.Projected?.Sources ?? []).Any(source => source.ConfigMap is { Optional: not true, Name: not FurnishedMap } || source.Secret is { Optional: not true });

    private static bool Configures(V1Pod pod, V1VolumeMount mount) =>
        mount.MountPath is "/" or "/etc" or "/usr" or "/bin" or "/sbin" or "/lib" || mount.MountPath.StartsWith("/etc/", StringComparison.Ordinal)
        || pod.Spec.Volumes?.FirstOrDefault(volume => volume.Name == mount.Name) is { } volume
            && (volume.ConfigMap is not null || volume.Secret is not null || volume.DownwardAPI is not null
                || (volume.Projected is not null && !mount.MountPath.StartsWith("/var/run/secrets/kubernetes.io", StringComparison.Ordinal)));
}
