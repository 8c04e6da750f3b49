using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Replicas;

/// <summary>Which addresses the objects of one kind have: whoever gives one out need not look at all of them each time.</summary>
internal sealed class AddressIndex
{
    private readonly Lock gate = new();
    private readonly Dictionary<ObjectKey, string> held = [];
    private readonly Dictionary<string, int> holders = [];
    private readonly ResourceKind kind;
    private readonly Func<StoredObject, string?> addressOf;
    private long releases;

    /// <param name="replica">What is followed.</param>
    /// <param name="kind">Whose addresses.</param>
    /// <param name="addressOf">The address of an object, null or empty where it has none.</param>
    public AddressIndex(Replica replica, ResourceKind kind, Func<StoredObject, string?> addressOf)
    {
        this.kind = kind;
        this.addressOf = addressOf;
        replica.Applied += Apply;
    }

    /// <summary>Grows whenever an address becomes free.</summary>
    public long Releases => Interlocked.Read(ref releases);

    /// <summary>Whether an object has the address.</summary>
    public bool IsTaken(string address)
    {
        lock (gate)
        {
            return holders.ContainsKey(address);
        }
    }

    private void Apply(ObjectChange change)
    {
        var key = change.Object.Key;
        if (key.Resource != kind.Resource)
        {
            return;
        }

        var next = change.Type == ChangeType.Deleted ? null : addressOf(change.Object);
        lock (gate)
        {
            var before = held.GetValueOrDefault(key);
            if (next == before)
            {
                return;
            }

            if (before is not null)
            {
                held.Remove(key);
                Release(before);
            }

            if (next is { Length: > 0 })
            {
                held[key] = next;
                holders[next] = holders.GetValueOrDefault(next) + 1;
            }
        }
    }

    // Two may share one, after a repair or because a client said so.
    private void Release(string address)
    {
        if (--holders[address] == 0)
        {
            holders.Remove(address);
            Interlocked.Increment(ref releases);
        }
    }
}
