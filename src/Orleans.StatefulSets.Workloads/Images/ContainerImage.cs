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

    /// <summary>
    /// What the image really holds is not emulated: a well-behaved server stands in for it on the ports that the container declares. It
    /// answers every HTTP request and takes every connection, so whoever asks after its health in a protocol that it does not speak
    /// (gRPC) may take an accepted connection for a yes.
    /// </summary>
    public bool IsStandIn { get; init; }
}
