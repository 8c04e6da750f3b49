using System.Collections.Frozen;
using k8s.Models;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Reconciliation.Quotas;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Quotas;

/// <summary>
/// What changed in a quota's namespace since its grain last looked: of each object the last change only, so that it never holds more than
/// there are objects.
/// </summary>
/// <param name="namespace">The quota's namespace.</param>
/// <param name="wake">Called in the replica's feed when there is something after there was nothing.</param>
internal sealed class QuotaNews(string @namespace, Action wake)
{
    private readonly Lock gate = new();
    private Dictionary<string, ObjectChange> changes = [];
    private volatile FrozenSet<string> concerned = [];

    public string Namespace { get; } = @namespace;

    /// <summary>The resources that the quota counts.</summary>
    public IReadOnlyCollection<string> Concerned => concerned;

    /// <summary>From now on hears of what this quota counts.</summary>
    public void Follow(V1ResourceQuota quota) =>
        concerned = ResourceKinds.All.Where(kind => kind.Namespaced && QuotaUsage.Concerns(quota, kind.Resource)).Select(kind => kind.Resource).ToFrozenSet();

    public void Hear(ObjectChange change)
    {
        if (!concerned.Contains(change.Object.Key.Resource))
        {
            return;
        }

        bool first;
        lock (gate)
        {
            first = changes.Count == 0;
            changes[change.Object.Uid] = change;
        }

        if (first)
        {
            wake();
        }
    }

    public IReadOnlyCollection<ObjectChange> Take()
    {
        lock (gate)
        {
            if (changes.Count == 0)
            {
                return [];
            }

            var taken = changes;
            changes = [];
            return taken.Values;
        }
    }
}
