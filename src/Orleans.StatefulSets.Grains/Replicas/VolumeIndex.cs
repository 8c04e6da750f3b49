using k8s.Models;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Replicas;

/// <summary>
/// Which volumes a claim may get: the free ones and those that are kept for it. Where each claim has a volume of its own, looking at all
/// of them for each would cost the square of their number.
/// </summary>
internal sealed class VolumeIndex
{
    private const string Free = "";

    private readonly Lock gate = new();
    private readonly Dictionary<string, string> holders = [];
    private readonly Dictionary<string, SortedSet<string>> volumes = [];
    private readonly Replica replica;

    public VolumeIndex(Replica replica)
    {
        this.replica = replica;
        replica.Applied += Apply;
    }

    /// <summary>The volumes that name no claim, and those that name this one, each in the order of their names.</summary>
    public IReadOnlyList<V1PersistentVolume> For(string @namespace, string claim)
    {
        string[] names;
        lock (gate)
        {
            names = [.. Held(Free), .. Held($"{@namespace}/{claim}")];
        }

        return [.. names.Select(name => replica.Find(ResourceKinds.PersistentVolumes.Key("", name))?.As<V1PersistentVolume>()).OfType<V1PersistentVolume>()];
    }

    private IEnumerable<string> Held(string holder) => volumes.TryGetValue(holder, out var names) ? names : [];

    private void Apply(ObjectChange change)
    {
        if (change.Object.Key.Resource != ResourceKinds.PersistentVolumes.Resource)
        {
            return;
        }

        var name = change.Object.Key.Name;
        var holder = change.Type == ChangeType.Deleted ? null
            : change.Object.As<V1PersistentVolume>().Spec.ClaimRef is { } claim ? $"{claim.NamespaceProperty}/{claim.Name}" : Free;
        lock (gate)
        {
            if (holders.Remove(name, out var before) && volumes[before].Remove(name) && volumes[before].Count == 0)
            {
                volumes.Remove(before);
            }

            if (holder is null)
            {
                return;
            }

            holders[name] = holder;
            if (!volumes.TryGetValue(holder, out var names))
            {
                volumes[holder] = names = new SortedSet<string>(StringComparer.Ordinal);
            }

            names.Add(name);
        }
    }
}
