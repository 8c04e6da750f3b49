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
    private static readonly Holder Nobody = new("", "", "");

    private readonly Lock gate = new();
    private readonly Dictionary<string, Holder> holders = [];
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

    /// <summary>The volumes of claims that are gone.</summary>
    public IReadOnlyList<ObjectKey> WithoutClaim()
    {
        KeyValuePair<string, Holder>[] held;
        lock (gate)
        {
            held = [.. holders.Where(pair => pair.Value.Uid.Length > 0)];
        }

        return [.. held.Where(pair => replica.Find(pair.Value.Key)?.Uid != pair.Value.Uid).Select(pair => ResourceKinds.PersistentVolumes.Key("", pair.Key))];
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
            : change.Object.As<V1PersistentVolume>().Spec.ClaimRef is { } claim ? new Holder(claim.NamespaceProperty ?? "", claim.Name ?? "", claim.Uid ?? "")
            : Nobody;
        lock (gate)
        {
            if (holders.Remove(name, out var before) && volumes[before.Claim].Remove(name) && volumes[before.Claim].Count == 0)
            {
                volumes.Remove(before.Claim);
            }

            if (holder is null)
            {
                return;
            }

            holders[name] = holder;
            if (!volumes.TryGetValue(holder.Claim, out var names))
            {
                volumes[holder.Claim] = names = new SortedSet<string>(StringComparer.Ordinal);
            }

            names.Add(name);
        }
    }

    /// <param name="Namespace">The claim's namespace.</param>
    /// <param name="Name">Its name, or "".</param>
    /// <param name="Uid">Its uid; "" where the volume is kept for a name.</param>
    private sealed record Holder(string Namespace, string Name, string Uid)
    {
        public string Claim { get; } = Name.Length == 0 ? Free : $"{Namespace}/{Name}";

        public ObjectKey Key => ResourceKinds.PersistentVolumeClaims.Key(Namespace, Name);
    }
}
