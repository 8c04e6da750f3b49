using k8s.Models;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Replicas;

/// <summary>Which pods are bound to which node.</summary>
internal sealed class NodeIndex
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, HashSet<ObjectKey>> pods = [];

    public NodeIndex(Replica replica) => replica.Applied += Apply;

    /// <summary>The pods that are bound to a node.</summary>
    public IReadOnlyList<ObjectKey> PodsOn(string node)
    {
        lock (gate)
        {
            return pods.TryGetValue(node, out var keys) ? [.. keys] : [];
        }
    }

    /// <summary>The nodes that pods are bound to.</summary>
    public IReadOnlyList<string> Names()
    {
        lock (gate)
        {
            return [.. pods.Keys];
        }
    }

    private void Apply(ObjectChange change)
    {
        if (change.Object.Key.Resource != ResourceKinds.Pods.Resource || change.Object.As<V1Pod>().Spec.NodeName is not { Length: > 0 } node)
        {
            return;
        }

        lock (gate)
        {
            if (change.Type == ChangeType.Deleted)
            {
                if (pods.TryGetValue(node, out var bound) && bound.Remove(change.Object.Key) && bound.Count == 0)
                {
                    pods.Remove(node);
                }

                return;
            }

            if (!pods.TryGetValue(node, out var keys))
            {
                pods[node] = keys = [];
            }

            keys.Add(change.Object.Key);
        }
    }
}
