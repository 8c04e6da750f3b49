using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Replicas;

/// <summary>Who names which owner, by the owner's uid: what the garbage collector asks when an owner went.</summary>
internal sealed class OwnerIndex
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, HashSet<ObjectKey>> dependents = new(StringComparer.Ordinal);
    private readonly Dictionary<ObjectKey, string[]> owners = [];

    public OwnerIndex(Replica replica) => replica.Applied += Apply;

    /// <summary>The objects that named this uid as an owner when this copy last heard of them.</summary>
    public IReadOnlyList<ObjectKey> DependentsOf(string ownerUid)
    {
        lock (gate)
        {
            return dependents.TryGetValue(ownerUid, out var keys) ? [.. keys] : [];
        }
    }

    /// <summary>The uids that are named as owners by anything.</summary>
    public IReadOnlyList<string> OwnerUids()
    {
        lock (gate)
        {
            return [.. dependents.Keys];
        }
    }

    private void Apply(ObjectChange change)
    {
        string[] uids = change.Type == ChangeType.Deleted ? [] : OwnerUidsOf(change.Object);
        lock (gate)
        {
            var before = owners.GetValueOrDefault(change.Object.Key, []);
            if (before.AsSpan().SequenceEqual(uids))
            {
                return;
            }

            foreach (var uid in before)
            {
                if (dependents.TryGetValue(uid, out var keys) && keys.Remove(change.Object.Key) && keys.Count == 0)
                {
                    dependents.Remove(uid);
                }
            }

            foreach (var uid in uids)
            {
                if (!dependents.TryGetValue(uid, out var keys))
                {
                    dependents[uid] = keys = [];
                }

                keys.Add(change.Object.Key);
            }

            if (uids.Length == 0)
            {
                owners.Remove(change.Object.Key);
            }
            else
            {
                owners[change.Object.Key] = uids;
            }
        }
    }

    private static string[] OwnerUidsOf(StoredObject item) =>
        item.Metadata.OwnerReferences is { Count: > 0 } references ? [.. references.Select(reference => reference.Uid)] : [];
}
