using k8s.Models;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Workloads.Network;

namespace Orleans.StatefulSets.Grains.Network;

/// <summary>The Services as this process's copy has them.</summary>
internal sealed class ServiceDirectory(ReplicaSet replicas) : IServiceDirectory
{
    /// <inheritdoc/>
    public long Version => replicas.Objects.Head;

    /// <inheritdoc/>
    public bool HasNamespace(string name) => replicas.Find(ResourceKinds.Namespaces.Key("", name)) is not null;

    /// <inheritdoc/>
    public V1Service? Find(string @namespace, string name) => replicas.Services.Find(ResourceKinds.Services.Key(@namespace, name));

    /// <inheritdoc/>
    public V1Service? FindByAddress(Ipv4Address address) => replicas.Services.WithAddress(address);

    /// <inheritdoc/>
    public V1Service? FindByNodePort(int port) => replicas.Services.WithNodePort(port);

    /// <inheritdoc/>
    public IReadOnlyList<ServiceSlice> SlicesOf(string @namespace, string service) => replicas.Endpoints.Of(@namespace, service);

    /// <inheritdoc/>
    public IReadOnlyList<ServiceSlice> SlicesOf(string @namespace, string service, string label)
    {
        var named = replicas.Endpoints.Of(@namespace, service, label);

        // An address is a label too, where the endpoint there has no name; the zone looks at each.
        return Ipv4Address.TryParse(label, out var address, '-')
            ? [.. named.Concat(replicas.Endpoints.With(address).Where(slice => slice.Namespace == @namespace && slice.Service == service)).Distinct<ServiceSlice>(ReferenceEqualityComparer.Instance)]
            : named;
    }

    /// <inheritdoc/>
    public IReadOnlyList<ServiceSlice> SlicesWith(Ipv4Address address) => replicas.Endpoints.With(address);
}
