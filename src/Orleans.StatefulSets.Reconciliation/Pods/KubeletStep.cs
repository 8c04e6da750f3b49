using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Events;

namespace Orleans.StatefulSets.Reconciliation.Pods;

/// <summary>How far the deletion of a pod's object has come.</summary>
public enum FinalDeletion
{
    None,

    /// <summary>Write <c>deletionGracePeriodSeconds: 0</c> and nothing else, then ask again.</summary>
    MarkGraceZero,

    /// <summary>The object goes.</summary>
    Remove,
}

/// <summary>
/// The next step of a pod on its node. At most one of <see cref="Status"/> and <see cref="Deletion"/> is set; after a write of
/// either the node asks again, with the pod as then stored, until a step has neither.
/// </summary>
public sealed record KubeletStep
{
    /// <summary>Nothing to write and nothing to wait for but news.</summary>
    public static KubeletStep Nothing { get; } = new();

    /// <summary>The status to write, whole; null where there is nothing to write.</summary>
    public V1PodStatus? Status { get; init; }

    /// <summary>When to ask again if no other news comes; null for not at all.</summary>
    public DateTime? DueAt { get; init; }

    /// <summary>What to tell about the pod, in order; after <see cref="Status"/> was committed where that is set.</summary>
    public IReadOnlyList<ObjectEvent> Events { get; init; } = [];

    /// <summary>The sandbox wants an address: allocate one and ask again at once.</summary>
    public bool NeedsPodIP { get; init; }

    /// <summary>The pod's images are on the node from now on.</summary>
    public bool ReportedImage { get; init; }

    public FinalDeletion Deletion { get; init; }

    /// <summary>What the runtime is to do, before anything is written; the node asks again when it has begun it.</summary>
    public IReadOnlyList<ContainerAction> Actions { get; init; } = [];

    /// <summary>The containers whose images were tried in vain: count them in <see cref="KubeletSituation.PullTries"/>.</summary>
    public IReadOnlyList<string> PullsFailed { get; init; } = [];

    /// <summary>The containers are killed: set <see cref="KubeletSituation.KillAnnounced"/> from now on.</summary>
    public bool AnnouncedKill { get; init; }

    /// <summary>The step tells of the stop: set <see cref="KubeletSituation.StopAnnounced"/> from now on.</summary>
    public bool AnnouncedStop { get; init; }

    /// <summary>The pod's sandbox is gone: its address is free, and the pod gets another one when it starts again.</summary>
    public bool SandboxLost { get; init; }

    /// <summary>The containers that ran long enough before they ended: their back-off begins anew at the restartCount before this step.</summary>
    public IReadOnlyList<string> Forgiven { get; init; } = [];

    /// <summary>The step tells that an image is being pulled: set <see cref="KubeletSituation.PullAnnounced"/> from now on.</summary>
    public bool AnnouncedPull { get; init; }
}
