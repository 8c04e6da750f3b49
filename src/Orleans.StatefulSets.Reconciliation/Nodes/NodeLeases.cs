using k8s.Models;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Reconciliation.Nodes;

/// <summary>The Lease with which each kubelet says that it lives (https://kubernetes.io/docs/concepts/architecture/leases/#node-heart-beats).</summary>
public static class NodeLeases
{
    /// <summary>The namespace of all node leases; each has the name of its node.</summary>
    public const string Namespace = "kube-node-lease";

    /// <summary>The node whose lease it is, null for a lease of anybody else.</summary>
    public static V1Node? HolderOf(V1Lease lease, IClusterView cluster) => lease.Metadata.NamespaceProperty == Namespace
        ? cluster.Find(ResourceKinds.Nodes.Key("", lease.Metadata.Name))?.KeepModel() as V1Node
        : null;

    /// <summary>The lease of a node, as its kubelet makes it.</summary>
    /// <param name="node">The node, with its uid: the lease goes with it.</param>
    /// <param name="now">The simulated time of the first renewal.</param>
    public static V1Lease Of(V1Node node, DateTime now) => new()
    {
        ApiVersion = "coordination.k8s.io/v1",
        Kind = "Lease",
        Metadata = new V1ObjectMeta
        {
            Name = node.Metadata.Name,
            NamespaceProperty = Namespace,
            OwnerReferences = [new V1OwnerReference { ApiVersion = "v1", Kind = "Node", Name = node.Metadata.Name, Uid = node.Metadata.Uid }],
        },
        Spec = new V1LeaseSpec { HolderIdentity = node.Metadata.Name, LeaseDurationSeconds = NodeHeartbeat.LeaseSeconds, RenewTime = now },
    };
}
