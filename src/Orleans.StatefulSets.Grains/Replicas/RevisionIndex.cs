using k8s.Models;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Replicas;

/// <summary>The ControllerRevisions that nobody controls: a set may adopt them, whatever they are called. They are few, where there are any.</summary>
internal sealed class RevisionIndex
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, HashSet<ObjectKey>> loose = [];
    private readonly Replica replica;

    public RevisionIndex(Replica replica)
    {
        this.replica = replica;
        replica.Applied += Apply;
    }

    /// <summary>Those of a namespace.</summary>
    public IReadOnlyList<StoredObject> WithoutController(string @namespace)
    {
        ObjectKey[] keys;
        lock (gate)
        {
            keys = loose.TryGetValue(@namespace, out var found) ? [.. found] : [];
        }

        return [.. keys.Select(replica.Find).OfType<StoredObject>()];
    }

    private void Apply(ObjectChange change)
    {
        var key = change.Object.Key;
        if (key.Resource != ResourceKinds.ControllerRevisions.Resource)
        {
            return;
        }

        var isLoose = change.Type != ChangeType.Deleted && change.Object.As<V1ControllerRevision>().Metadata.OwnerReferences?.Any(owner => owner.Controller == true) != true;
        lock (gate)
        {
            if (!loose.TryGetValue(key.Namespace, out var keys))
            {
                if (!isLoose)
                {
                    return;
                }

                loose[key.Namespace] = keys = [];
            }

            if (isLoose)
            {
                keys.Add(key);
            }
            else if (keys.Remove(key) && keys.Count == 0)
            {
                loose.Remove(key.Namespace);
            }
        }
    }
}
