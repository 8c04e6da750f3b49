using k8s.Models;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Pods;

/// <summary>
/// What an observer of many pods keeps of those that it selects: newest wins, doubles and late-comers do no harm.
/// </summary>
/// <param name="keep">The part of a pod that is kept; an observer of many must not hold them whole.</param>
internal sealed class SelectedPods<T>(Func<V1Pod, T> keep)
{
    private readonly Dictionary<string, (long Version, T Kept)> pods = [];

    public int Count => pods.Count;

    public IEnumerable<T> All => pods.Values.Select(entry => entry.Kept);

    public void Clear() => pods.Clear();

    /// <summary>Takes over what the silo's copy knows; only what is new is decoded.</summary>
    public void Refill(ReplicaSet replicas, string @namespace, Func<IDictionary<string, string>?, bool> selects)
    {
        var head = replicas.Objects.Head;
        HashSet<string> stored = [];
        foreach (var item in replicas.List(ResourceKinds.Pods.Resource, @namespace))
        {
            if (selects(item.Labels))
            {
                stored.Add(item.Key.Name);
                Take(item, deleted: false, selects);
            }
        }

        foreach (var name in pods.Where(pod => pod.Value.Version <= head && !stored.Contains(pod.Key)).Select(pod => pod.Key).ToList())
        {
            pods.Remove(name);
        }
    }

    /// <returns>Whether anything changed.</returns>
    public bool Take(StoredObject item, bool deleted, Func<IDictionary<string, string>?, bool> selects)
    {
        if (pods.TryGetValue(item.Key.Name, out var known) && known.Version >= item.ResourceVersion)
        {
            return false;
        }

        var pod = item.As<V1Pod>();
        if (deleted || !selects(pod.Metadata.Labels))
        {
            return pods.Remove(item.Key.Name);
        }

        pods[item.Key.Name] = (item.ResourceVersion, keep(pod));
        return true;
    }
}
