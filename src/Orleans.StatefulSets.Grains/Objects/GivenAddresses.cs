using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Objects;

/// <summary>
/// What was given out and may not be committed yet: nobody else gets it meanwhile. It is forgotten after some seconds, as by then the objects
/// themselves say that they have it; an object that was refused, tried only, or is gone already gives its address back so.
/// </summary>
/// <param name="wall">The host's clock.</param>
internal sealed class GivenAddresses(TimeProvider wall)
{
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, ObjectKey> given = [];
    private readonly Queue<(string Address, long At)> order = new();

    /// <summary>Whether somebody else was given the address.</summary>
    public bool IsAnothers(string address, ObjectKey asking)
    {
        Forget();
        return given.TryGetValue(address, out var holder) && holder != asking;
    }

    /// <summary>Whether anybody was given the address.</summary>
    public bool Contains(string address)
    {
        Forget();
        return given.ContainsKey(address);
    }

    /// <summary>Remembers who was given an address.</summary>
    public void Add(string address, ObjectKey holder)
    {
        Forget();
        if (given.TryAdd(address, holder))
        {
            order.Enqueue((address, wall.GetTimestamp()));
        }
    }

    private void Forget()
    {
        while (order.TryPeek(out var oldest) && wall.GetElapsedTime(oldest.At) > Memory)
        {
            given.Remove(order.Dequeue().Address);
        }
    }
}
