using k8s.Models;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Workloads.Network;

namespace Orleans.StatefulSets.Grains.Replicas;

/// <summary>Nodes by their InternalIP.</summary>
internal sealed class MachineIndex
{
    private readonly Lock gate = new();
    private readonly Dictionary<Ipv4Address, ObjectKey> nodes = [];
    private readonly Replica replica;

    public MachineIndex(Replica replica)
    {
        this.replica = replica;
        replica.Applied += Apply;
    }

    /// <summary>The node at an address, or null.</summary>
    public V1Node? Find(Ipv4Address address)
    {
        ObjectKey key;
        lock (gate)
        {
            if (!nodes.TryGetValue(address, out key))
            {
                return null;
            }
        }

        return replica.Find(key)?.As<V1Node>() is { } node && AddressOf(node) == address ? node : null;
    }

    private void Apply(ObjectChange change)
    {
        var key = change.Object.Key;
        if (key.Resource != ResourceKinds.Nodes.Resource || AddressOf(change.Object.As<V1Node>()) is not { } address)
        {
            return;
        }

        lock (gate)
        {
            if (change.Type != ChangeType.Deleted)
            {
                nodes[address] = key;
            }
            else if (nodes.TryGetValue(address, out var holder) && holder == key)
            {
                nodes.Remove(address);
            }
        }
    }

    private static Ipv4Address? AddressOf(V1Node node) =>
        Ipv4Address.TryParse(node.Status?.Addresses?.FirstOrDefault(address => address.Type == "InternalIP")?.Address, out var parsed) ? parsed : null;
}
