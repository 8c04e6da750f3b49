using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Events;

/// <summary>The Events in which what is told again counts up, by what they tell: the last ones that were begun.</summary>
internal sealed class RepeatingEvents(int capacity)
{
    private readonly Dictionary<string, LinkedListNode<(string Key, StoredObject Event)>> known = [];
    private readonly LinkedList<(string Key, StoredObject Event)> order = [];

    public StoredObject? Find(string key) => known.TryGetValue(key, out var node) ? node.Value.Event : null;

    /// <summary>The Event as it is now.</summary>
    public void Keep(string key, StoredObject item)
    {
        if (known.TryGetValue(key, out var node))
        {
            node.Value = (key, item);
            return;
        }

        known[key] = order.AddLast((key, item));
        if (known.Count > capacity)
        {
            Forget(order.First!.Value.Key);
        }
    }

    /// <summary>The Event is not there any more.</summary>
    public void Forget(string key)
    {
        if (known.Remove(key, out var node))
        {
            order.Remove(node);
        }
    }
}
