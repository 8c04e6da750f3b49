namespace Orleans.StatefulSets.Storage;

/// <summary>
/// Which revisions of a log can be forgotten: those that a later one of their key supersedes, and deletions. What is told may
/// come in any order, so that the stored log can be read while new batches are appended.
/// </summary>
internal sealed class SupersededRevisions
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Latest> latest = new(StringComparer.Ordinal);
    private readonly PriorityQueue<long, long> forgettable = new();
    private bool loaded;

    /// <summary>Whether the whole stored log has been told.</summary>
    public bool IsLoaded
    {
        get
        {
            lock (gate)
            {
                return loaded;
            }
        }
    }

    /// <summary>One revision of the log; told twice it does no harm.</summary>
    public void Observe(string key, long revision, bool deleted)
    {
        lock (gate)
        {
            var isKnown = latest.TryGetValue(key, out var known);
            if (isKnown && known.Revision == revision)
            {
                return;
            }

            if (deleted)
            {
                forgettable.Enqueue(revision, revision);
            }

            if (!isKnown)
            {
                Keep(key, revision, deleted);
            }
            else if (known.Revision < revision)
            {
                Supersede(known);
                Keep(key, revision, deleted);
            }
            else
            {
                Supersede(new Latest(revision, deleted));
            }
        }
    }

    /// <summary>The whole stored log has been told: from here on, what is told is newer than everything known.</summary>
    public void CompleteLoad()
    {
        lock (gate)
        {
            loaded = true;
            foreach (var (key, _) in latest.Where(entry => entry.Value.Deleted).ToList())
            {
                latest.Remove(key);
            }
        }
    }

    /// <summary>Takes the oldest forgettable revisions up to and including one.</summary>
    public List<long> Take(long upTo, int maxRows)
    {
        lock (gate)
        {
            var taken = new List<long>();
            while (taken.Count < maxRows && forgettable.TryPeek(out var revision, out _) && revision <= upTo)
            {
                // A load that was broken off tells again what it had told; the doubles lie beside each other here.
                do
                {
                    forgettable.Dequeue();
                }
                while (forgettable.TryPeek(out var next, out _) && next == revision);

                taken.Add(revision);
            }

            return taken;
        }
    }

    /// <summary>Takes back what could not be deleted.</summary>
    public void Return(IEnumerable<long> revisions)
    {
        lock (gate)
        {
            forgettable.EnqueueRange(revisions.Select(revision => (revision, revision)));
        }
    }

    // A deletion's key is kept only while older revisions of it may still be told.
    private void Keep(string key, long revision, bool deleted)
    {
        if (deleted && loaded)
        {
            latest.Remove(key);
        }
        else
        {
            latest[key] = new Latest(revision, deleted);
        }
    }

    private void Supersede(Latest old)
    {
        if (!old.Deleted)
        {
            forgettable.Enqueue(old.Revision, old.Revision);
        }
    }

    private readonly record struct Latest(long Revision, bool Deleted);
}
