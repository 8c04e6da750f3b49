using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Objects;

/// <summary>
/// What was given out and may not be committed yet: nobody else gets it meanwhile. The oldest are forgotten, as by then the objects
/// themselves say that they have them.
/// </summary>
internal sealed class GivenAddresses
{
    private const int Most = 1000;

    private readonly Dictionary<string, ObjectKey> given = [];
    private readonly Queue<string> order = new();

    /// <summary>Whether somebody else was given the address.</summary>
    public bool IsAnothers(string address, ObjectKey asking) => given.TryGetValue(address, out var holder) && holder != asking;

    /// <summary>Whether anybody was given the address.</summary>
    public bool Contains(string address) => given.ContainsKey(address);

    /// <summary>Remembers who was given an address.</summary>
    public void Add(string address, ObjectKey holder)
    {
        if (!given.TryAdd(address, holder))
        {
            return;
        }

        order.Enqueue(address);
        if (order.Count > Most)
        {
            given.Remove(order.Dequeue());
        }
    }
}
