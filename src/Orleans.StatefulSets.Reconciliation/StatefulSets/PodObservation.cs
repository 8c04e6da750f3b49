using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.StatefulSets;

/// <summary>What a set knows of one pod, as little as its decisions need; of two, the newer resourceVersion wins.</summary>
public sealed record PodObservation
{
    public required string Name { get; init; }

    public required string Uid { get; init; }

    public required long ResourceVersion { get; init; }

    /// <summary>The number at the end of the name; -1 for a pod that the set controls though its name is not of the set.</summary>
    public required int Ordinal { get; init; }

    /// <summary><c>status.phase</c>, "" while the pod has none.</summary>
    public string Phase { get; init; } = "";

    /// <summary>Phase Running and condition Ready=True.</summary>
    public bool RunningAndReady { get; init; }

    /// <summary>When the Ready condition last became True; null unless <see cref="RunningAndReady"/>.</summary>
    public DateTime? ReadySince { get; init; }

    /// <summary>A deletionTimestamp is set.</summary>
    public bool Terminating { get; init; }

    /// <summary>The label <c>controller-revision-hash</c>.</summary>
    public string? Revision { get; init; }

    /// <summary>The controller reference is this set's, by uid.</summary>
    public bool Controlled { get; init; }

    /// <summary>The pod has no controller reference at all.</summary>
    public bool Orphan { get; init; }

    public bool MatchesSelector { get; init; }

    /// <summary>Name, namespace and the pod-name label are what the set gives (upstream <c>identityMatches</c>).</summary>
    public bool IdentityMatches { get; init; } = true;

    /// <summary>Every claim template has its volume with the right claim (upstream <c>storageMatches</c>).</summary>
    public bool StorageMatches { get; init; } = true;

    /// <summary>The API server has it: upstream's <c>isCreated</c>.</summary>
    public bool Created => Phase.Length > 0;

    /// <summary>Phase Failed or Succeeded: it will not run again.</summary>
    public bool Finished => Phase is "Failed" or "Succeeded";

    /// <summary>Running, Ready and not terminating (upstream <c>isHealthy</c>).</summary>
    public bool Healthy => RunningAndReady && !Terminating;

    /// <summary>What <paramref name="set"/> needs to know of <paramref name="pod"/>; null when the pod is none of its business.
    /// Every pod of the namespace whose name is of the set counts, also one with another owner: it takes the name.</summary>
    /// <param name="set">The set: its name, uid, selector, service name and claim templates are read.</param>
    /// <param name="pod">The pod, of the same namespace.</param>
    /// <param name="resourceVersion">The pod's version in the journal's order.</param>
    public static PodObservation? Of(V1StatefulSet set, V1Pod pod, long resourceVersion) => PodReading.Read(set, pod, resourceVersion);
}
