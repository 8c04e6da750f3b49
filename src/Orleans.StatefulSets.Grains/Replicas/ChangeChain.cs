namespace Orleans.StatefulSets.Grains.Replicas;

/// <summary>
/// The changes of one resource as a chain that all its watches share: each holds the link that it has read, and what nobody has still to
/// read is garbage. However many watches lag, what they keep is what the slowest one keeps.
/// </summary>
internal sealed class ChangeChain
{
    /// <summary>A link that nothing ever follows.</summary>
    public static Link End { get; } = new(default, 0, 0);

    /// <summary>The last link; a watch that begins now has read it.</summary>
    public Link Tail { get; private set; } = new(default, 0, 0);

    public Link Add(ObjectChange change)
    {
        var link = new Link(change, Tail.Count + 1, Tail.Bytes + change.Object.Payload.Length);
        Tail.Next = link;
        return Tail = link;
    }

    /// <param name="change">The change.</param>
    /// <param name="count">How many changes there have been with this one.</param>
    /// <param name="bytes">How many bytes these were.</param>
    internal sealed class Link(ObjectChange change, long count, long bytes)
    {
        public ObjectChange Change { get; } = change;

        public long Count { get; } = count;

        public long Bytes { get; } = bytes;

        public Link? Next { get; set; }
    }
}
