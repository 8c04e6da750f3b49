using System.Net;
using Orleans.StatefulSets.Workloads.Network;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Sandboxes;

/// <summary>What the containers of one pod share.</summary>
public sealed record PodSetup
{
    /// <summary>The pod's host name.</summary>
    public required string HostName { get; init; }

    /// <summary>The pod's address; null where it has none.</summary>
    public IPAddress? Address { get; init; }

    /// <summary><c>/etc/hosts</c>.</summary>
    public required string Hosts { get; init; }

    /// <summary><c>/etc/resolv.conf</c>.</summary>
    public required string Resolver { get; init; }

    /// <summary>Its resolver is the cluster's DNS. The nodes' own (<c>dnsPolicy: Default</c>) knows no names here, and does not answer.</summary>
    public bool AsksCluster { get; init; } = true;

    /// <summary>The simulated clock.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>The host's clock, for what is bounded by the host's time.</summary>
    public required TimeProvider Wall { get; init; }

    /// <summary>What lies beyond the pod.</summary>
    public required IPodGateway Gateway { get; init; }

    /// <summary>The pod's bounds.</summary>
    public required PodLimits Limits { get; init; }

    /// <summary>
    /// Called with a container's name and instance when a command that somebody ran in it has changed its own layer, before anybody hears
    /// that the command ended. A <see cref="Files.FileException"/> fails the command. Null where nobody wants to know.
    /// </summary>
    public Func<string, int, Task>? LayerChanged { get; init; }

    /// <summary>What <c>/dev/random</c> grows from.</summary>
    public int Seed { get; init; }
}
