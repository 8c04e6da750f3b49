using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Replicas;

/// <summary>
/// Which pods use which claim, as long as they are not over. Where each pod has claims of its own, looking at all pods for each claim would
/// cost the square of their number.
/// </summary>
internal sealed class ClaimIndex
{
    private readonly KeysBy<(string Namespace, string Claim)> users = new();
    private readonly Replica replica;

    public ClaimIndex(Replica replica)
    {
        this.replica = replica;
        replica.Applied += Apply;
    }

    /// <summary>The pods that use a claim, in the order of their names.</summary>
    public IReadOnlyList<StoredObject> UsersOf(string @namespace, string claim) =>
        [.. users.Of((@namespace, claim)).OrderBy(key => key.Name, StringComparer.Ordinal).Select(replica.Find).OfType<StoredObject>()];

    private void Apply(ObjectChange change)
    {
        var key = change.Object.Key;
        if (key.Resource != ResourceKinds.Pods.Resource)
        {
            return;
        }

        if (change.Previous is { } before && before.Uid != change.Object.Uid)
        {
            Note(before.As<V1Pod>(), key, isGone: true);
        }

        var pod = change.Object.As<V1Pod>();
        Note(pod, key, isGone: change.Type == ChangeType.Deleted || PodReadiness.IsTerminal(pod));
    }

    private void Note(V1Pod pod, ObjectKey key, bool isGone)
    {
        foreach (var volume in pod.Spec.Volumes ?? [])
        {
            if (volume.PersistentVolumeClaim is { } source)
            {
                users.Note((key.Namespace, source.ClaimName), key, isGone);
            }
        }
    }
}
