using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Tests.Clusters;

/// <summary>All that happened to pods since it began, as a watcher saw it.</summary>
internal sealed class PodHistory(Replica replica) : IDisposable
{
    private readonly IReplicaWatch watch = replica.Watch(ResourceKinds.Pods.Resource, "default", replica.Head);
    private readonly Dictionary<string, string> alive =
        replica.List(ResourceKinds.Pods.Resource, "default").ToDictionary(item => item.Key.Name, item => item.Uid);

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
