using k8s.Models;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Replicas;

/// <summary>Which pods are bound to which node.</summary>
internal sealed class NodeIndex
{
    private readonly KeysBy<string> pods = new();

    public NodeIndex(Replica replica) => replica.Applied += Apply;

    /// <summary>The pods that are bound to a node.</summary>
    public IReadOnlyList<ObjectKey> PodsOn(string node) => pods.Of(node);

    /// <summary>The nodes that pods are bound to.</summary>
    public IReadOnlyList<string> Names() => pods.Values();

    private void Apply(ObjectChange change)
    {
        if (change.Object.Key.Resource == ResourceKinds.Pods.Resource && change.Object.As<V1Pod>().Spec.NodeName is { Length: > 0 } node)
        {
            pods.Note(node, change.Object.Key, isGone: change.Type == ChangeType.Deleted);
        }
    }
}
