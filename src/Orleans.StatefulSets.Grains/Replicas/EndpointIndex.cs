using k8s.Models;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Workloads.Network;

namespace Orleans.StatefulSets.Grains.Replicas;

/// <summary>
/// Services' endpoints by Service, by host name and by address, kept with every change of a slice: a name is found without decoding any
/// slice. An endpoint costs some 160 bytes, its host name included.
/// </summary>
internal sealed class EndpointIndex
{
    private readonly Lock gate = new();
    private readonly Dictionary<ObjectKey, ServiceSlice> slices = [];
    private readonly Dictionary<(string Namespace, string Name), OfService> services = [];
    private readonly SliceMap<Ipv4Address> byAddress = new();

    // Nodes' names, each once; there have never been more than the cluster has had nodes.
    private readonly Dictionary<string, string> nodes = new(StringComparer.Ordinal);

    public EndpointIndex(Replica replica) => replica.Applied += Apply;

    /// <summary>The slices of a Service, in the order of their names.</summary>
    public IReadOnlyList<ServiceSlice> Of(string @namespace, string service)
    {
        lock (gate)
        {
            return services.TryGetValue((@namespace, service), out var found) ? [.. found.Slices.Values] : [];
        }
    }

    /// <summary>The slices of a Service that hold an endpoint with a host name.</summary>
    public IReadOnlyList<ServiceSlice> Of(string @namespace, string service, string hostname)
    {
        lock (gate)
        {
            return services.TryGetValue((@namespace, service), out var found) ? found.ByHostname.Find(hostname) : [];
        }
    }

    /// <summary>The slices that hold an endpoint at an address.</summary>
    public IReadOnlyList<ServiceSlice> With(Ipv4Address address)
    {
        lock (gate)
        {
            return byAddress.Find(address);
        }
    }

    private void Apply(ObjectChange change)
    {
        var key = change.Object.Key;
        if (key.Resource != ResourceKinds.EndpointSlices.Resource)
        {
            return;
        }

        lock (gate)
        {
            if (slices.Remove(key, out var before))
            {
                Remove(before);
            }

            if (change.Type != ChangeType.Deleted && ServiceSlice.Of(change.Object.As<V1EndpointSlice>(), Shared) is { } next)
            {
                slices[key] = next;
                Add(next);
            }
        }
    }

    private string Shared(string node)
    {
        nodes.TryAdd(node, node);
        return nodes[node];
    }

    private void Add(ServiceSlice slice)
    {
        if (!services.TryGetValue((slice.Namespace, slice.Service), out var service))
        {
            services[(slice.Namespace, slice.Service)] = service = new OfService();
        }

        service.Slices[slice.Name] = slice;
        foreach (var endpoint in slice.Endpoints)
        {
            byAddress.Add(endpoint.Address, slice);
            if (endpoint.Hostname is { } hostname)
            {
                service.ByHostname.Add(hostname, slice);
            }
        }
    }

    private void Remove(ServiceSlice slice)
    {
        var service = services[(slice.Namespace, slice.Service)];
        service.Slices.Remove(slice.Name);
        foreach (var endpoint in slice.Endpoints)
        {
            byAddress.Remove(endpoint.Address, slice);
            if (endpoint.Hostname is { } hostname)
            {
                service.ByHostname.Remove(hostname, slice);
            }
        }

        if (service.Slices.Count == 0)
        {
            services.Remove((slice.Namespace, slice.Service));
        }
    }

    private sealed class OfService
    {
        public SortedDictionary<string, ServiceSlice> Slices { get; } = new(StringComparer.Ordinal);

        public SliceMap<string> ByHostname { get; } = new(StringComparer.OrdinalIgnoreCase);
    }
}
