namespace Orleans.StatefulSets.Grains.Files;

/// <summary>
/// What a caller wrote and does not know to be committed. It is enough to remember the last position of each holder of the tree, and of
/// holders the first and the last: whatever one between them lost, the first one lost too.
/// </summary>
internal sealed class UnflushedWrites
{
    private readonly Lock gate = new();
    private TreePosition? first;
    private TreePosition? last;

    public void Add(TreePosition position)
    {
        lock (gate)
        {
            if (last is { } before && before.Epoch != position.Epoch)
            {
                first ??= before;
            }

            // Answers may overtake each other.
            last = last is { } known && known.Epoch == position.Epoch && known.Sequence > position.Sequence ? known : position;
        }
    }

    /// <summary>All of it; empty where there is nothing.</summary>
    public TreePosition[] Snapshot()
    {
        lock (gate)
        {
            return (first, last) switch
            {
                ({ } one, { } other) => [one, other],
                (null, { } one) => [one],
                _ => [],
            };
        }
    }

    /// <summary>Forgets what was asked about; what was written since stays.</summary>
    public void Forget(TreePosition[] known)
    {
        lock (gate)
        {
            first = first is { } one && known.Contains(one) ? null : first;
            last = last is { } other && known.Contains(other) ? null : last;
        }
    }
}
