namespace Orleans.StatefulSets.Reconciliation.Pods;

/// <summary>How long the parts of a pod's life take on a node, in simulated time.</summary>
public sealed record PodLatencies
{
    /// <summary>From the pod's start until its claims are attached and mounted; pods without claims don't wait.</summary>
    public TimeSpan VolumeAttach { get; init; }

    /// <summary>Pulling one image that the node doesn't have yet; an image that it has takes no time.</summary>
    public TimeSpan ImagePull { get; init; }

    /// <summary>Creating and starting a container, the sandbox included; the containers of a pod start together, init containers one by one.</summary>
    public TimeSpan ContainerStart { get; init; }

    /// <summary>
    /// From SIGTERM until the containers have ended by themselves. Where it is longer than the pod's grace period they are
    /// killed at the grace period's end, with exit code 137.
    /// </summary>
    public TimeSpan GracefulStop { get; init; }

    /// <summary>A small real cluster's: a second or two each.</summary>
    public static PodLatencies Realistic { get; } = new()
    {
        VolumeAttach = TimeSpan.FromSeconds(1),
        ImagePull = TimeSpan.FromSeconds(2),
        ContainerStart = TimeSpan.FromSeconds(1),
        GracefulStop = TimeSpan.FromSeconds(1),
    };

    /// <summary>Everything at once; the sequence of written states is the same.</summary>
    public static PodLatencies None { get; } = new();
}
