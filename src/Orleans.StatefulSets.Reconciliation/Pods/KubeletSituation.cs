using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Pods;

/// <summary>What a node knows of one of its pods when it is asked what to do next.</summary>
public sealed record KubeletSituation
{
    /// <summary>The pod as stored.</summary>
    public required V1Pod Pod { get; init; }

    /// <summary>The node to which the pod is bound; null while it is not scheduled.</summary>
    public required string? NodeName { get; init; }

    /// <summary>The node's InternalIP.</summary>
    public required string HostIP { get; init; }

    /// <summary>The address given to the pod; null until a step asked for it with <see cref="KubeletStep.NeedsPodIP"/>.</summary>
    public string? PodIP { get; init; }

    /// <summary>Every claim of the pod is bound and can be attached here.</summary>
    public required bool VolumesReady { get; init; }

    /// <summary>Every image of the pod is already on the node.</summary>
    public required bool ImagePresent { get; init; }

    /// <summary>Why the node won't take the pod, by <see cref="PodAdmission.Check"/>; looked at only before the pod starts.</summary>
    public AdmissionRefusal? Refusal { get; init; }

    /// <summary>
    /// The exact moment of the last news about the pod (its last status write, its deletion request), where this process saw it.
    /// Stored times have whole seconds; this gives them their fraction back, so that latencies are exact. Null after a restart:
    /// then a latency may be short by less than a second. What is written, and in which order, is the same either way.
    /// </summary>
    public DateTime? Since { get; init; }

    /// <summary>
    /// This process has already told of the stop of the pod's containers (<c>Killing</c>). False after a restart: then it is
    /// told again, as a restarted kubelet does.
    /// </summary>
    public bool StopAnnounced { get; init; }

    /// <summary>
    /// This process has already told that the pod's first image is being pulled. False after a restart: then it is told again, as a
    /// restarted kubelet does.
    /// </summary>
    public bool PullAnnounced { get; init; }

    /// <summary>When the machine came up last, where it was off: what ran before that is dead. Null where it never was.</summary>
    public DateTime? BootedAt { get; init; }

    /// <summary>
    /// By container: the restartCount at which its earlier ends were forgiven, see <see cref="KubeletStep.Forgiven"/>. What is not named
    /// never was; after a restart nothing is named, and a container that ended often waits longer than it had to.
    /// </summary>
    public IReadOnlyDictionary<string, int>? ForgivenAt { get; init; }

    /// <summary>
    /// The containers that the node's runtime really runs. What the others do is known from their words alone (<see cref="ContainerProgram"/>),
    /// so that a hundred thousand of them cost nothing.
    /// </summary>
    public IReadOnlySet<string> RunForReal { get; init; } = new HashSet<string>();

    /// <summary>What the runtime knows of them, by name; one that is missing here has no instance, or lost it.</summary>
    public IReadOnlyDictionary<string, ContainerRun> Runs { get; init; } = new Dictionary<string, ContainerRun>();

    /// <summary>The containers whose image can't be had, by name; looked at only before a container's first start.</summary>
    public IReadOnlyDictionary<string, ImageProblem> ImageProblems { get; init; } = new Dictionary<string, ImageProblem>();

    /// <summary>The tries to pull them, as far as this process made them, by name.</summary>
    public IReadOnlyDictionary<string, PullTries> PullTries { get; init; } = new Dictionary<string, PullTries>();

    /// <summary>This process has already had the pod's containers killed at the end of its grace period.</summary>
    public bool KillAnnounced { get; init; }

    /// <summary>By container: the restartCount of the instance that somebody killed, where no runtime runs it that would say so.</summary>
    public IReadOnlyDictionary<string, int>? Killed { get; init; }

    /// <summary>The simulated time, UTC.</summary>
    public required DateTime Now { get; init; }

    public required PodLatencies Latencies { get; init; }
}
