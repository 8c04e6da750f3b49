using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Tests.Clusters;

/// <summary>All that happened to pods since it began, as a watcher saw it.</summary>
internal sealed class PodHistory : IDisposable
{
    private readonly IReplicaWatch watch;
    private readonly Dictionary<string, string> alive;

    public PodHistory(Replica replica)
    {
        var began = replica.Snapshot(ResourceKinds.Pods.Resource);
        alive = began.List("default").ToDictionary(item => item.Key.Name, item => item.Uid);
        watch = replica.Watch(ResourceKinds.Pods.Resource, "default", began.ResourceVersion);
    }

    public void Dispose() => watch.Dispose();

    /// <summary>Reads on, and checks that no name ever stood for two pods. Returns the names that were deleted, in order.</summary>
    public IReadOnlyList<string> Read()
    {
        List<string> deleted = [];
        while (watch.TryRead(out var change))
        {
            var (name, uid) = (change.Object.Key.Name, change.Object.Uid);
            switch (change.Type)
            {
                case ChangeType.Added:
                    Assert.True(alive.TryAdd(name, uid), $"a second {name}: {uid} beside {alive.GetValueOrDefault(name)}");
                    break;
                case ChangeType.Modified:
                    Assert.Equal(alive[name], uid);
                    break;
                default:
                    Assert.True(alive.Remove(name, out var gone));
                    Assert.Equal(gone, uid);
                    deleted.Add(name);
                    break;
            }
        }

        return deleted;
    }
}
