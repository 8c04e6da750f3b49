using System.Collections.Concurrent;
using Orleans.StatefulSets.Grains.Quotas;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Replicas;

/// <summary>
/// The quotas of each namespace, and the grains of this silo that keep them. A namespace without quotas costs its writes one look into a
/// table, and its changes another.
/// </summary>
internal sealed class QuotaIndex
{
    private readonly ConcurrentDictionary<string, StoredObject[]> quotas = new();
    private readonly ConcurrentDictionary<string, QuotaNews[]> listeners = new();
    private readonly Lock gate = new();

    public QuotaIndex(Replica replica) => replica.Applied += Apply;

    /// <summary>The quotas of a namespace, by name.</summary>
    public IReadOnlyList<StoredObject> In(string @namespace) => quotas.TryGetValue(@namespace, out var found) ? found : [];

    /// <summary>From now on a keeper hears of the changes in its namespace.</summary>
    public void Add(QuotaNews listener)
    {
        lock (gate)
        {
            listeners[listener.Namespace] = [.. listeners.GetValueOrDefault(listener.Namespace, []), listener];
        }
    }

    public void Remove(QuotaNews listener)
    {
        lock (gate)
        {
            Keep(listeners, listener.Namespace, [.. listeners.GetValueOrDefault(listener.Namespace, []).Where(other => other != listener)]);
        }
    }

    private void Apply(ObjectChange change)
    {
        var key = change.Object.Key;
        if (key.Namespace.Length == 0)
        {
            return;
        }

        if (key.Resource == ResourceKinds.ResourceQuotas.Resource)
        {
            var others = In(key.Namespace).Where(other => other.Key != key);
            Keep(quotas, key.Namespace, change.Type == ChangeType.Deleted
                ? [.. others]
                : [.. others.Append(change.Object).OrderBy(quota => quota.Key.Name, StringComparer.Ordinal)]);
        }

        if (!listeners.IsEmpty && listeners.TryGetValue(key.Namespace, out var all))
        {
            foreach (var listener in all)
            {
                listener.Hear(change);
            }
        }
    }

    private static void Keep<T>(ConcurrentDictionary<string, T[]> table, string @namespace, T[] items)
    {
        if (items.Length == 0)
        {
            table.TryRemove(@namespace, out _);
        }
        else
        {
            table[@namespace] = items;
        }
    }
}
