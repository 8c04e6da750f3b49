using Orleans.StatefulSets.Reconciliation.Faults;
using Orleans.StatefulSets.Resources.Faults;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Replicas;

/// <summary>The Faults that happen now. While there are none, whoever asks reads one field.</summary>
internal sealed class FaultIndex
{
    private readonly SortedDictionary<string, ArmedFault> active = new(StringComparer.Ordinal);
    private volatile ArmedFault[] all = [];

    public FaultIndex(Replica replica) => replica.Applied += Apply;

    /// <summary>The Faults that have begun and are not over by what is stored, by name.</summary>
    public IReadOnlyList<ArmedFault> All => all;

    /// <summary>Those of an action that happen at a moment, by name.</summary>
    public IReadOnlyList<ArmedFault> Of(string action, DateTime now)
    {
        var happening = all;
        return happening.Length == 0 ? [] : [.. happening.Where(fault => fault.Action == action && fault.HappensAt(now))];
    }

    // Called in the feed alone.
    private void Apply(ObjectChange change)
    {
        var key = change.Object.Key;
        if (key.Resource != ResourceKinds.Faults.Resource)
        {
            return;
        }

        var armed = change.Type == ChangeType.Deleted ? null : new ArmedFault(change.Object.As<V1alpha1Fault>());
        if (armed?.IsActive == true)
        {
            active[key.Name] = armed;
        }
        else if (!active.Remove(key.Name))
        {
            return;
        }

        all = [.. active.Values];
    }
}
