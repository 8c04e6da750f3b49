using k8s.Models;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Workloads.Network;

namespace Orleans.StatefulSets.Grains.Replicas;

/// <summary>
/// Services by their cluster address and by their node ports. An entry tells who had it last: whether it is so still, the Service itself
/// says when it is asked, so that nothing need be remembered of what each had before.
/// </summary>
internal sealed class ServiceIndex
{
    private readonly Lock gate = new();
    private readonly Dictionary<Ipv4Address, ObjectKey> byAddress = [];
    private readonly Dictionary<int, ObjectKey> byNodePort = [];
    private readonly Replica replica;

    public ServiceIndex(Replica replica)
    {
        this.replica = replica;
        replica.Applied += Apply;
    }

    /// <summary>A Service; it is decoded once, as each connection and each name asks for one.</summary>
    public V1Service? Find(ObjectKey key) => (V1Service?)replica.Find(key)?.KeepModel();

    /// <summary>The Service that has a cluster address.</summary>
    public V1Service? WithAddress(Ipv4Address address) => Find(byAddress, address, service => Addresses(service).Contains(address));

    /// <summary>The Service that has a TCP port of all nodes.</summary>
    public V1Service? WithNodePort(int port) => Find(byNodePort, port, service => NodePorts(service).Contains(port));

    private V1Service? Find<TKey>(Dictionary<TKey, ObjectKey> table, TKey wanted, Func<V1Service, bool> hasIt)
        where TKey : notnull
    {
        ObjectKey key;
        lock (gate)
        {
            if (!table.TryGetValue(wanted, out key))
            {
                return null;
            }
        }

        return Find(key) is { } service && hasIt(service) ? service : null;
    }

    private void Apply(ObjectChange change)
    {
        if (change.Object.Key.Resource != ResourceKinds.Services.Resource)
        {
            return;
        }

        var service = change.Object.As<V1Service>();
        lock (gate)
        {
            Note(byAddress, Addresses(service), change);
            Note(byNodePort, NodePorts(service), change);
        }
    }

    private static void Note<TKey>(Dictionary<TKey, ObjectKey> table, IEnumerable<TKey> keys, ObjectChange change)
        where TKey : notnull
    {
        foreach (var key in keys)
        {
            if (change.Type != ChangeType.Deleted)
            {
                table[key] = change.Object.Key;
            }
            else if (table.TryGetValue(key, out var holder) && holder == change.Object.Key)
            {
                table.Remove(key);
            }
        }
    }

    private static IEnumerable<Ipv4Address> Addresses(V1Service service) =>
        Ipv4Address.TryParse(service.Spec?.ClusterIP, out var address) ? [address] : [];

    private static IEnumerable<int> NodePorts(V1Service service) =>
        (service.Spec?.Ports ?? []).Where(port => port.NodePort is > 0 && port.Protocol is null or "TCP").Select(port => port.NodePort!.Value);
}
