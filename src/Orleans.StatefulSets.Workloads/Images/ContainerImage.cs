using k8s.Models;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs;

namespace Orleans.StatefulSets.Workloads.Images;

/// <summary>What a container is made from: files, the programs that its executable files run, and what it runs when the pod says nothing else.</summary>
public sealed record ContainerImage
{
    /// <summary>The image's files; containers write to a layer of their own on top.</summary>
    public required ImageTree Files { get; init; }

    /// <summary>What the executable files among them do.</summary>
    public required ProgramCatalog Programs { get; init; }

    /// <summary>What runs, unless the container gives a <c>command</c>.</summary>
    public IReadOnlyList<string> Entrypoint { get; init; } = [];

    /// <summary>Its arguments, unless the container gives <c>args</c> or a <c>command</c>.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Variables that each process of the container begins with, before those of the pod; a search path where nothing is said, as the runtime gives one.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = StandardImages.Environment;

    /// <summary>Where processes begin, unless the container says so.</summary>
    public string WorkingDirectory { get; init; } = "/";

    /// <summary>Whom processes act for, unless the security context says so.</summary>
    public Credentials User { get; init; } = Credentials.Root;

    /// <summary>The signal that asks the first process to stop.</summary>
    public int StopSignal { get; init; } = Signals.Terminate;

    /// <summary>
    /// The image's own entrypoint serves until it is told to stop, does nothing until somebody asks it, and ends well when it is stopped.
    /// Such a container takes no room until somebody looks into it or connects to it: nobody can tell the difference.
    /// </summary>
    public bool RunsWhenAsked { get; init; }

    /// <summary>Folders whose contents decide whether the entrypoint starts at all: its configuration, and what it has to write to. With none it starts always, as whoever.</summary>
    public IReadOnlyList<string> StartsFrom { get; init; } = [];

    // Every pod has it, and no server starts from it.
    private const string ServiceAccount = "/var/run/secrets/kubernetes.io/";

    /// <summary>
    /// Whether a container may wait to be asked: its image would, the pod leaves the entrypoint as it is, and neither user nor root file
    /// system nor a mount makes the start fail. All others are started at once, for a failure has to be seen.
    /// </summary>
    /// <param name="container">The container.</param>
    /// <param name="pod">The pod's security context.</param>
    public bool MayWait(V1Container container, V1PodSecurityContext? pod)
    {
        var user = container.SecurityContext?.RunAsUser ?? pod?.RunAsUser;
        var group = container.SecurityContext?.RunAsGroup ?? pod?.RunAsGroup;
        return RunsWhenAsked
            && (container.Command ?? []).Count == 0 && (IsStandIn || (container.Args ?? []).Count == 0)
            && (StartsFrom.Count == 0 || (
                (user is null || user == User.Uid) && (group is null || group == User.Gid)
                && container.SecurityContext?.ReadOnlyRootFilesystem != true
                && (container.VolumeMounts ?? []).All(mount => mount.MountPath.StartsWith(ServiceAccount, StringComparison.Ordinal) || !StartsFrom.Any(path => IsWithin(mount.MountPath, path) || IsWithin(path, mount.MountPath)))));
    }

    /// <summary>
    /// What the image really holds is not emulated: a well-behaved server stands in for it on the ports that the container declares. It
    /// answers every HTTP request and takes every connection, so whoever asks after its health in a protocol that it does not speak
    /// (gRPC) may take an accepted connection for a yes.
    /// </summary>
    public bool IsStandIn { get; init; }

    private static bool IsWithin(string path, string folder) => path == folder || path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);
}
