using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Workloads.Network;

namespace Orleans.StatefulSets.Grains.Replicas;

/// <summary>
/// Pods by address: those with one of their own, some 70 bytes each, and by the machine's those that take ports of it. An entry tells who
/// had the address last; whether that is so still, the pod itself says when it is asked.
/// </summary>
internal sealed class PodAddressIndex
{
    private readonly Lock gate = new();
    private readonly Dictionary<Ipv4Address, ObjectKey> pods = [];
    private readonly KeysBy<Ipv4Address> onMachines = new();
    private readonly Replica replica;

    public PodAddressIndex(Replica replica)
    {
        this.replica = replica;
        replica.Applied += Apply;
    }

    /// <summary>The pod that has an address of its own; null where nobody has it any more.</summary>
    public V1Pod? Find(Ipv4Address address)
    {
        ObjectKey key;
        lock (gate)
        {
            if (!pods.TryGetValue(address, out key))
            {
                return null;
            }
        }

        return replica.Find(key)?.As<V1Pod>() is { } pod && OwnAddress(pod) == address ? pod : null;
    }

    /// <summary>The pods that take ports of the machine at an address, in the order of their names.</summary>
    public IReadOnlyList<V1Pod> On(Ipv4Address machine) =>
    [
        .. onMachines.Of(machine).OrderBy(key => key.Namespace, StringComparer.Ordinal).ThenBy(key => key.Name, StringComparer.Ordinal)
            .Select(key => replica.Find(key)?.As<V1Pod>()).OfType<V1Pod>().Where(pod => MachineAddress(pod) == machine),
    ];

    private void Apply(ObjectChange change)
    {
        var key = change.Object.Key;
        if (key.Resource != ResourceKinds.Pods.Resource)
        {
            return;
        }

        var pod = change.Object.As<V1Pod>();
        var isGone = change.Type == ChangeType.Deleted || PodReadiness.IsTerminal(pod);
        if (AddressOf(pod) is { } own && pod.Spec.HostNetwork != true)
        {
            Note(own, key, isGone);
        }

        if (MachineAddress(pod, evenIfEnded: true) is { } machine)
        {
            onMachines.Note(machine, key, isGone);
        }
    }

    // A pod that ended keeps its address in its status, though another may have it by now.
    private void Note(Ipv4Address address, ObjectKey key, bool isGone)
    {
        lock (gate)
        {
            if (!isGone)
            {
                pods[address] = key;
            }
            else if (pods.TryGetValue(address, out var holder) && holder == key)
            {
                pods.Remove(address);
            }
        }
    }

    private static Ipv4Address? OwnAddress(V1Pod pod) => pod.Spec.HostNetwork == true || PodReadiness.IsTerminal(pod) ? null : AddressOf(pod);

    private static Ipv4Address? MachineAddress(V1Pod pod, bool evenIfEnded = false) =>
        (pod.Spec.HostNetwork == true || TakesPorts(pod)) && (evenIfEnded || !PodReadiness.IsTerminal(pod)) && Ipv4Address.TryParse(pod.Status?.HostIP, out var machine)
            ? machine
            : null;

    private static Ipv4Address? AddressOf(V1Pod pod) => Ipv4Address.TryParse(pod.Status?.PodIP, out var address) ? address : null;

    private static bool TakesPorts(V1Pod pod)
    {
        foreach (var container in pod.Spec.Containers)
        {
            foreach (var port in container.Ports ?? [])
            {
                if (port.HostPort is > 0)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
