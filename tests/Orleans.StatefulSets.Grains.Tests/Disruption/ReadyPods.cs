using k8s.Models;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Tests.Clusters;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Tests.Disruption;

/// <summary>How many pods were ready at each moment since it began, by the order of the commits.</summary>
internal sealed class ReadyPods : IDisposable
{
    private readonly IReplicaWatch watch;
    private readonly HashSet<string> ready = [];

    public ReadyPods(TestCluster cluster)
    {
        var replica = cluster.Replica();
        watch = replica.Watch(ResourceKinds.Pods.Resource, "default", replica.Head);
        ready.UnionWith(replica.List(ResourceKinds.Pods.Resource, "default").Where(item => Sets.IsReady(item.As<V1Pod>())).Select(item => item.Uid));
    }

    public void Dispose() => watch.Dispose();

    /// <summary>The fewest at one moment until now.</summary>
    public int Least()
    {
        var least = ready.Count;
        while (watch.TryRead(out var change))
        {
            _ = change.Type != ChangeType.Deleted && Sets.IsReady(change.Object.As<V1Pod>()) ? ready.Add(change.Object.Uid) : ready.Remove(change.Object.Uid);
            least = Math.Min(least, ready.Count);
        }

        return least;
    }
}
