using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Images;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Sandboxes;

/// <summary>How one container of a pod is made and what it runs, everything resolved.</summary>
public sealed record ContainerSetup
{
    /// <summary>Its name in the pod.</summary>
    public required string Name { get; init; }

    /// <summary>What it is made from.</summary>
    public required ContainerImage Image { get; init; }

    /// <summary>The program of its first process and its arguments; byte strings.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The environment that each of its processes begins with; byte strings.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Where its processes begin.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>Whom its processes act for.</summary>
    public required Credentials User { get; init; }

    /// <summary>What is mounted in it.</summary>
    public required IReadOnlyList<ContainerMount> Mounts { get; init; }

    /// <summary>Writing to its own layer gives EROFS.</summary>
    public bool ReadOnlyRoot { get; init; }

    /// <summary>Its first process has an input that can be attached to.</summary>
    public bool Stdin { get; init; }

    /// <summary>The input ends with the first who attached to it.</summary>
    public bool StdinOnce { get; init; }

    /// <summary>Its first process runs in a terminal.</summary>
    public bool Tty { get; init; }

    /// <summary>Where its last words are looked for when it ends.</summary>
    public string TerminationMessagePath { get; init; } = "/dev/termination-log";

    /// <summary>Where there are no last words and it failed, the end of its log stands for them.</summary>
    public bool FallsBackToLogs { get; init; }
}

/// <summary>A volume at a path of a container.</summary>
/// <param name="Path">Where, absolute.</param>
/// <param name="Tree">What.</param>
/// <param name="ReadOnly">Writing gives EROFS.</param>
/// <param name="SubPath">The part of it; empty for all.</param>
public sealed record ContainerMount(string Path, IFileTree Tree, bool ReadOnly, string SubPath);
