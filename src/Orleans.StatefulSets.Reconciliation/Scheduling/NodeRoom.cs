using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>One node as the scheduler counts it: what it has, and what the pods on it have asked for.</summary>
internal sealed class NodeRoom(string name)
{
    private readonly Dictionary<(string Namespace, string Name), PodTraits> pods = [];
    private readonly List<HostPort> ports = [];
    private ResourceAmounts allocatable = ResourceAmounts.None;
    private V1Node? node;

    public string Name { get; } = name;

    /// <summary>The node's object; null while only its pods are known.</summary>
    public V1Node? Node
    {
        get => node;
        set
        {
            node = value;
            allocatable = ResourceAmounts.Of(value?.Status?.Allocatable);
        }
    }

    /// <summary>The version of what was last heard of the node.</summary>
    public long ResourceVersion { get; set; }

    public int Pods => pods.Count;

    public IReadOnlyCollection<PodTraits> All => pods.Values;

    public ResourceAmounts Requested { get; private set; } = ResourceAmounts.None;

    public void Add(PodTraits pod)
    {
        pods.Add(pod.Key, pod);
        Requested = Requested.Plus(pod.Requests);
        ports.AddRange(pod.Ports);
    }

    public void Remove(PodTraits pod)
    {
        pods.Remove(pod.Key);
        Requested = Requested.Minus(pod.Requests);
        foreach (var port in pod.Ports)
        {
            ports.Remove(port);
        }
    }

    /// <summary>The NodePorts plugin: a port that the pod wants is taken.</summary>
    public NodeRefusal? LackOfPorts(IReadOnlyList<HostPort> wanted)
    {
        foreach (var port in wanted)
        {
            if (ports.Exists(port.ConflictsWith))
            {
                return NodeRefusal.Passing("node(s) didn't have free ports for the requested pod ports");
            }
        }

        return null;
    }

    /// <summary>The filter of the NodeResourcesFit plugin.</summary>
    public NodeRefusal? LackOfRoom(ResourceAmounts requests)
    {
        List<string>? reasons = null;
        var lasting = false;
        if (Pods + 1 > allocatable["pods"])
        {
            (reasons ??= []).Add("Too many pods");
        }

        foreach (var (resource, amount) in requests.All)
        {
            if (amount > 0 && amount > allocatable[resource] - Requested[resource])
            {
                (reasons ??= []).Add($"Insufficient {resource}");
                lasting |= amount > allocatable[resource];
            }
        }

        return reasons is null ? null : new NodeRefusal(reasons, lasting);
    }
}
