using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Replicas;

/// <summary>Who names which owner, by the owner's uid: what the garbage collector asks when an owner went.</summary>
internal sealed class OwnerIndex
{
    private readonly KeysBy<string> dependents = new();

    // Of the feed only.
    private readonly Dictionary<ObjectKey, string[]> owners = [];

    public OwnerIndex(Replica replica) => replica.Applied += Apply;

    /// <summary>The objects that named this uid as an owner when this copy last heard of them.</summary>
    public IReadOnlyList<ObjectKey> DependentsOf(string ownerUid) => dependents.Of(ownerUid);

    /// <summary>The uids that are named as owners by anything.</summary>
    public IReadOnlyList<string> OwnerUids() => dependents.Values();

    private void Apply(ObjectChange change)
    {
        var key = change.Object.Key;
        string[] uids = change.Type == ChangeType.Deleted ? [] : OwnerUidsOf(change.Object);
        var before = owners.GetValueOrDefault(key, []);
        if (before.AsSpan().SequenceEqual(uids))
        {
            return;
        }

        foreach (var uid in before.Except(uids))
        {
            dependents.Note(uid, key, isGone: true);
        }

        foreach (var uid in uids)
        {
            dependents.Note(uid, key, isGone: false);
        }

        if (uids.Length == 0)
        {
            owners.Remove(key);
        }
        else
        {
            owners[key] = uids;
        }
    }

    private static string[] OwnerUidsOf(StoredObject item) =>
        item.Metadata.OwnerReferences is { Count: > 0 } references ? [.. references.Select(reference => reference.Uid)] : [];
}
