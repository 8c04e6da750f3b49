using k8s.Models;
using Orleans.StatefulSets.Reconciliation.StatefulSets;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Replicas;

/// <summary>The ControllerRevisions that nobody controls: a set may adopt them, whatever they are called. They are few, where there are any.</summary>
internal sealed class RevisionIndex
{
    private readonly KeysBy<string> loose = new();
    private readonly Replica replica;

    public RevisionIndex(Replica replica)
    {
        this.replica = replica;
        replica.Applied += Apply;
    }

    /// <summary>Those of a namespace.</summary>
    public IReadOnlyList<StoredObject> WithoutController(string @namespace) => [.. loose.Of(@namespace).Select(replica.Find).OfType<StoredObject>()];

    private void Apply(ObjectChange change)
    {
        var key = change.Object.Key;
        if (key.Resource == ResourceKinds.ControllerRevisions.Resource)
        {
            loose.Note(key.Namespace, key, isGone: change.Type == ChangeType.Deleted || Ownership.ControllerOf(change.Object.As<V1ControllerRevision>().Metadata) is not null);
        }
    }
}
