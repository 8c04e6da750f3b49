using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Nodes;

/// <summary>What a kubelet remembers of one of its pods beyond what is stored. All of it can be lost.</summary>
internal sealed class LocalPod
{
    private StoredObject item = null!;

    public LocalPod(StoredObject item) => Item = item;

    /// <summary>The newest revision known.</summary>
    public StoredObject Item
    {
        get => item;
        set
        {
            item = value;
            var pod = value.As<V1Pod>();
            Outline = Outline is null ? PodOutline.Of(pod) : Outline with { IsTerminal = PodReadiness.IsTerminal(pod) };
        }
    }

    /// <summary>What the admission of another pod asks of this one, without decoding it.</summary>
    public PodOutline Outline { get; private set; } = null!;

    /// <summary>The address given to the pod, before its status says so.</summary>
    public string? Address { get; set; }

    /// <summary>The exact moment of the last news, see <see cref="Reconciliation.Pods.KubeletSituation.Since"/>.</summary>
    public DateTime? Since { get; set; }

    /// <summary>By container: the restartCount at which its earlier ends were forgiven.</summary>
    public Dictionary<string, int>? ForgivenAt { get; set; }

    public bool StopAnnounced { get; set; }

    public bool KillAnnounced { get; set; }

    /// <summary>The tries to pull images that can't be had, by container.</summary>
    public Dictionary<string, PullTries>? PullTries { get; set; }

    /// <summary>What keeps containers from starting because of faults, as it was last decided on; null where there are none.</summary>
    public IReadOnlyDictionary<string, ImageProblem>? FaultedPulls { get; set; }

    /// <summary>By container: the restartCount of the instance that was killed, where none really runs.</summary>
    public Dictionary<string, int>? Killed { get; set; }

    /// <summary>The containers that must really run, by <see cref="Runtime.RunKinds"/>; asked once.</summary>
    public IReadOnlySet<string>? RunForReal { get; set; }

    public bool PullAnnounced { get; set; }

    /// <summary>The claims were found bound; they stay so while a pod uses them.</summary>
    public bool VolumesReady { get; set; }

    /// <summary>A step is under way; news that comes meanwhile is looked at after it.</summary>
    public bool Stepping { get; set; }

    public bool News { get; set; }
}
