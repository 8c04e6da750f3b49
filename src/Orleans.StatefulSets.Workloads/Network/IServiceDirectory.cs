using k8s.Models;

namespace Orleans.StatefulSets.Workloads.Network;

/// <summary>
/// Services and their endpoints by name and by address: what the cluster's DNS and its Service proxy read. Names are in lower case, as
/// Kubernetes' are. An answer costs what it holds, however many pods there are.
/// </summary>
public interface IServiceDirectory
{
    /// <summary>Grows with every change.</summary>
    long Version { get; }

    /// <summary>Whether there is such a namespace.</summary>
    bool HasNamespace(string name);

    /// <summary>A Service by name, or null.</summary>
    V1Service? Find(string @namespace, string name);

    /// <summary>The Service that has a cluster address, or null.</summary>
    V1Service? FindByAddress(Ipv4Address address);

    /// <summary>The Service that a TCP port of every node leads to, or null.</summary>
    V1Service? FindByNodePort(int port);

    /// <summary>All slices of a Service, in the order of their names.</summary>
    IReadOnlyList<ServiceSlice> SlicesOf(string @namespace, string service);

    /// <summary>The slices of a Service that hold an endpoint with a label (<see cref="SliceEndpoint.Label"/>), ready or not.</summary>
    IReadOnlyList<ServiceSlice> SlicesOf(string @namespace, string service, string label);

    /// <summary>The slices of any Service that hold an endpoint at an address, ready or not.</summary>
    IReadOnlyList<ServiceSlice> SlicesWith(Ipv4Address address);
}
