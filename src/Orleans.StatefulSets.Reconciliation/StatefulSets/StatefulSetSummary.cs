using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.StatefulSets;

/// <summary>
/// A set's pods and claims, summed up so that an observation costs O(log n) and a decision what it decides. Kept by the set's grain,
/// not shared between threads. Decide takes note of a changed spec by itself, once O(n) a change.
/// </summary>
public sealed class StatefulSetSummary
{
    private readonly Versioned<PodObservation> pods = new(pod => pod.Name, pod => pod.Uid, pod => pod.ResourceVersion);
    private IReadOnlyList<string> templates = [];
    private SetFrame? frame;
    private DateTime now = DateTime.MinValue;

    /// <summary>The number of pods known, members or not.</summary>
    public int Count => pods.Count;

    /// <summary>Every pod known, in no order.</summary>
    public IEnumerable<PodObservation> All => pods.All;

    /// <summary>Every claim known, in no order.</summary>
    public IEnumerable<ClaimObservation> AllClaims => Claims.All;

    internal PodBuckets Buckets { get; private set; } = new(SetFrame.Of(Nothing, ""));

    internal ClaimShelf Claims { get; } = new();

    private static V1StatefulSet Nothing => new() { Metadata = new V1ObjectMeta { Name = "" }, Spec = new V1StatefulSetSpec { Replicas = 0 } };

    /// <summary>Takes a pod's newest state.</summary>
    /// <returns>False when it is older than what is known, or says nothing new that a decision reads.</returns>
    public bool Observe(PodObservation pod)
    {
        var before = pods.Find(pod.Name);
        if (!pods.Observe(pod))
        {
            return false;
        }

        if (frame is not null)
        {
            // The buckets hold the observation itself, so the newer one takes its place even where it says the same.
            Replace(before, pod);
        }

        return before is null || before with { ResourceVersion = pod.ResourceVersion } != pod;
    }

    /// <summary>The pod is gone. An older observation of it that comes later does not bring it back.</summary>
    /// <param name="name">The pod's name.</param>
    /// <param name="uid">The uid that is gone; a newer pod of the same name stays.</param>
    /// <param name="resourceVersion">The version of the deletion.</param>
    /// <returns>True when it was known.</returns>
    public bool Remove(string name, string uid, long resourceVersion)
    {
        if (pods.Remove(name, uid, resourceVersion) is not { } gone)
        {
            return false;
        }

        if (frame is not null)
        {
            Replace(gone, null);
        }

        return true;
    }

    /// <summary>Takes a claim's newest state.</summary>
    /// <returns>False when it is older than what is known, or says nothing new.</returns>
    public bool Observe(ClaimObservation claim)
    {
        var changed = Claims.Observe(claim);
        if (changed)
        {
            ReviewClaims(claim.Ordinal);
        }

        return changed;
    }

    /// <summary>The claim is gone.</summary>
    /// <returns>True when it was known.</returns>
    public bool RemoveClaim(string name, string uid, long resourceVersion)
    {
        if (Claims.Remove(name, uid, resourceVersion) is not { } gone)
        {
            return false;
        }

        ReviewClaims(gone.Ordinal);
        return true;
    }

    /// <summary>The pod of that name as last observed, or null.</summary>
    public PodObservation? Find(string name) => pods.Find(name);

    /// <summary>The claim of that name as last observed, or null.</summary>
    public ClaimObservation? FindClaim(string name) => Claims.Find(name);

    /// <summary>Forgets everything; the grain then observes what is stored. A set of the same name with another uid starts with this.</summary>
    public void Clear()
    {
        pods.Clear();
        Claims.Clear();
        frame = null;
    }

    /// <summary>The pod of the set that has that ordinal, or null.</summary>
    internal PodObservation? Member(int ordinal) =>
        frame is not null && pods.Find(StatefulSetNames.Pod(frame.Name, ordinal)) is { } pod && frame.IsMember(pod) ? pod : null;

    /// <summary>Brings the buckets up to the set's spec and the time.</summary>
    internal void Prepare(V1StatefulSet set, SetFrame wanted, DateTime time)
    {
        now = time > now ? time : now;
        if (frame == wanted)
        {
            Buckets.Advance(now);
            return;
        }

        frame = wanted;
        templates = [.. (set.Spec.VolumeClaimTemplates ?? []).Select(template => template.Metadata.Name)];
        Buckets = new PodBuckets(wanted);
        Claims.Work.Clear();
        foreach (var pod in pods.All)
        {
            Replace(null, pod);
        }
    }

    private void Replace(PodObservation? before, PodObservation? after)
    {
        if (before is not null)
        {
            Buckets.Remove(before);
        }

        if (after is not null)
        {
            Buckets.Add(after, now);
        }

        ReviewClaims((after ?? before)!.Ordinal);
    }

    private void ReviewClaims(int ordinal)
    {
        if (frame is not null && templates.Count > 0)
        {
            Claims.Review(frame, templates, ordinal, Member(ordinal));
        }
    }
}
