using Orleans.StatefulSets.Storage;

namespace Orleans.StatefulSets.Grains.Files;

/// <summary>What is to be written of a tree's attachments.</summary>
/// <param name="Epoch">The epoch of the newest.</param>
/// <param name="There">Those that are new.</param>
/// <param name="Gone">The holders of those that went.</param>
internal sealed record AttachmentChanges(long Epoch, IReadOnlyList<StoredAttachment> There, IReadOnlyList<string> Gone);

/// <summary>
/// Who may use a tree. An attachment that went takes with it the files that it held open, so that nothing is held for somebody who is not
/// there any more.
/// </summary>
internal sealed class TreeAttachments
{
    private readonly Dictionary<string, (StoredAttachment Row, Dictionary<long, int> Holds)> attached = new(StringComparer.Ordinal);
    private readonly HashSet<string> changed = new(StringComparer.Ordinal);
    private readonly Action<long> release;
    private long epoch;

    /// <param name="stored">What the store has.</param>
    /// <param name="release">Ends one hold of an inode.</param>
    public TreeAttachments(StoredTree stored, Action<long> release)
    {
        this.release = release;
        epoch = stored.Header.AttachEpoch;
        foreach (var row in stored.Attachments)
        {
            attached[row.Holder] = (row, []);
        }
    }

    /// <summary>Whether there is anything to write.</summary>
    public bool IsDirty => changed.Count > 0;

    public bool IsValid(TreeCaller caller) => attached.TryGetValue(caller.Holder, out var found) && found.Row.Epoch == caller.Epoch;

    /// <summary>Gives a holder an epoch; asked again from the same origin, the same one. Those whom it excludes may use the tree no more.</summary>
    public long Attach(AttachRequest request)
    {
        if (attached.TryGetValue(request.Holder, out var found) && found.Row.Origin == request.Origin && found.Row.Exclusive == request.Exclusive)
        {
            return found.Row.Epoch;
        }

        var node = NodeOf(request.Holder);
        var excluded = attached.Values
            .Where(other => other.Row.Holder == request.Holder || (NodeOf(other.Row.Holder) != node && (request.Exclusive || other.Row.Exclusive)))
            .Select(other => other.Row.Holder).ToList();
        excluded.ForEach(holder => Detach(holder));
        var row = new StoredAttachment(request.Holder, ++epoch, request.Exclusive, request.Origin);
        attached[request.Holder] = (row, []);
        changed.Add(request.Holder);
        return row.Epoch;
    }

    /// <param name="holder">Who.</param>
    /// <param name="origin">From where; null from wherever.</param>
    /// <returns>Whether it was attached.</returns>
    public bool Detach(string holder, string? origin = null)
    {
        if (!attached.TryGetValue(holder, out var gone) || (origin is not null && gone.Row.Origin != origin))
        {
            return false;
        }

        attached.Remove(holder);
        changed.Add(holder);
        foreach (var (node, count) in gone.Holds)
        {
            for (var hold = 0; hold < count; hold++)
            {
                release(node);
            }
        }

        return true;
    }

    /// <summary>Notes that a holder has a file open once more.</summary>
    public void Hold(string holder, long node) => attached[holder].Holds[node] = attached[holder].Holds.GetValueOrDefault(node) + 1;

    /// <summary>Notes that a holder has a file open once less.</summary>
    /// <returns>Whether it had.</returns>
    public bool Release(string holder, long node)
    {
        var holds = attached[holder].Holds;
        var count = holds.GetValueOrDefault(node);
        if (count > 1)
        {
            holds[node] = count - 1;
            return true;
        }

        return holds.Remove(node);
    }

    /// <summary>What is to be written; it counts as written from here on.</summary>
    public AttachmentChanges Take()
    {
        var changes = new AttachmentChanges(
            epoch,
            [.. changed.Where(attached.ContainsKey).Select(holder => attached[holder].Row)],
            [.. changed.Where(holder => !attached.ContainsKey(holder))]);
        changed.Clear();
        return changes;
    }

    /// <summary>What was taken was not written.</summary>
    public void Failed(AttachmentChanges changes) => changed.UnionWith(changes.There.Select(row => row.Holder).Concat(changes.Gone));

    private static string NodeOf(string holder) => holder[(holder.LastIndexOf('@') + 1)..];
}
