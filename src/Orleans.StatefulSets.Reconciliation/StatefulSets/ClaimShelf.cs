namespace Orleans.StatefulSets.Reconciliation.StatefulSets;

/// <summary>A set's claims, and the ordinals whose claims want something.</summary>
internal sealed class ClaimShelf
{
    private readonly Versioned<ClaimObservation> claims = new(claim => claim.Name, claim => claim.Uid, claim => claim.ResourceVersion);
    private readonly Dictionary<int, int> terminatingCounts = [];

    /// <summary>Ordinals, in range or not, with a pod whose claims are missing or have the wrong owners.</summary>
    internal SortedSet<int> Work { get; } = [];

    /// <summary>Ordinals with a claim that is being deleted.</summary>
    internal SortedSet<int> Terminating { get; } = [];

    internal IEnumerable<ClaimObservation> All => claims.All;

    internal bool Observe(ClaimObservation claim)
    {
        var before = claims.Find(claim.Name);
        if (!claims.Observe(claim) || (before is not null && Same(before, claim)))
        {
            return false;
        }

        Count(before, -1);
        Count(claim, 1);
        return true;
    }

    internal ClaimObservation? Remove(string name, string uid, long resourceVersion)
    {
        var gone = claims.Remove(name, uid, resourceVersion);
        Count(gone, -1);
        return gone;
    }

    internal ClaimObservation? Find(string name) => claims.Find(name);

    internal void Clear()
    {
        claims.Clear();
        terminatingCounts.Clear();
        Work.Clear();
        Terminating.Clear();
    }

    /// <summary>Looks again at the claims of one pod, or of an ordinal without one.</summary>
    internal void Review(SetFrame frame, IReadOnlyList<string> templates, int ordinal, PodObservation? pod)
    {
        if (pod is not null && templates.Any(template => Wants(frame, template, ordinal, pod)))
        {
            Work.Add(ordinal);
        }
        else
        {
            Work.Remove(ordinal);
        }
    }

    private bool Wants(SetFrame frame, string template, int ordinal, PodObservation pod) =>
        Find(StatefulSetNames.Claim(frame.Name, template, ordinal)) is { } claim
            ? ClaimRetention.Correction(frame, claim, new PodReference(pod.Name, pod.Uid)) is not null
            : pod.Phase == "Pending" && frame.InRange(ordinal);

    private void Count(ClaimObservation? claim, int by)
    {
        if (claim is not { Terminating: true })
        {
            return;
        }

        var count = terminatingCounts.GetValueOrDefault(claim.Ordinal) + by;
        if (count == 0)
        {
            terminatingCounts.Remove(claim.Ordinal);
            Terminating.Remove(claim.Ordinal);
        }
        else
        {
            terminatingCounts[claim.Ordinal] = count;
            Terminating.Add(claim.Ordinal);
        }
    }

    private static bool Same(ClaimObservation left, ClaimObservation right) =>
        left.Uid == right.Uid && left.Terminating == right.Terminating && left.OwnerReferences.SequenceEqual(right.OwnerReferences);
}
