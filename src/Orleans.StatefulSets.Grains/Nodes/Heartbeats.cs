using System.Text;
using k8s.Models;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Time;
using Orleans.StatefulSets.Reconciliation.Nodes;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Nodes;

/// <summary>
/// Nodes and their Leases with the heartbeats that they have at this moment. A real kubelet writes them all the time, and each is a
/// revision; here they follow from the clock, so an idle cluster of thousands of nodes writes nothing, and a reader sees them alive.
/// </summary>
public sealed class Heartbeats(IReplicas replicas, ClusterClock clock)
{
    /// <summary>Whether objects of a kind have heartbeats.</summary>
    public static bool Concern(ResourceKind kind) => kind == ResourceKinds.Nodes || kind == ResourceKinds.Leases;

    /// <summary>The object as of now; the same one where it has no heartbeat.</summary>
    public StoredObject Show(StoredObject item)
    {
        if (item.Key.Resource == ResourceKinds.Nodes.Resource)
        {
            var node = (V1Node)item.KeepModel();
            return NodeHeartbeat.PostedSince(node) is { } posted
                ? Splice(item, "lastHeartbeatTime", TimeText.Seconds(posted), TimeText.Seconds(NodeHeartbeat.LastPost(node, posted, clock.Now)))
                : item;
        }

        if (item.Key.Resource == ResourceKinds.Leases.Resource && item.Key.Namespace == NodeLeases.Namespace
            && item.As<V1Lease>().Spec?.RenewTime is { } renewed
            && replicas.For(ResourceKinds.Nodes.Resource).Find(ResourceKinds.Nodes.Key("", item.Key.Name))?.KeepModel() is V1Node holder)
        {
            return Splice(item, "renewTime", TimeText.Micros(renewed), TimeText.Micros(NodeHeartbeat.LastRenewal(holder, renewed, clock.Now)));
        }

        return item;
    }

    // The encoded text of a time has always the same length, so the bytes around it stay.
    private static StoredObject Splice(StoredObject item, string field, string before, string after)
    {
        if (before == after)
        {
            return item;
        }

        var (wanted, given) = (Encoding.ASCII.GetBytes($"\"{field}\":\"{before}\""), Encoding.ASCII.GetBytes($"\"{field}\":\"{after}\""));
        var payload = item.Payload.ToArray();
        for (var rest = payload.AsSpan(); rest.IndexOf(wanted) is >= 0 and var at; rest = rest[(at + wanted.Length)..])
        {
            given.CopyTo(rest[at..]);
        }

        return new StoredObject(item.Key, item.Uid, item.ResourceVersion, payload);
    }
}
