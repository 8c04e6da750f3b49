using k8s.Models;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Nodes;

/// <summary>What a kubelet remembers of one of its pods beyond what is stored. All of it can be lost.</summary>
internal sealed class LocalPod
{
    private static readonly V1PodSpec NoHostPorts = new() { Containers = [] };

    private StoredObject item = null!;

    public LocalPod(StoredObject item) => Item = item;

    /// <summary>The newest revision known.</summary>
    public StoredObject Item
    {
        get => item;
        set
        {
            item = value;
            Outline = OutlineOf(value.As<V1Pod>());
        }
    }

    /// <summary>
    /// What the admission of another pod asks of this one: uid, phase and host ports. It is asked by every newcomer of the node, so the
    /// pod itself must not be decoded for it.
    /// </summary>
    public V1Pod Outline { get; private set; } = null!;

    /// <summary>The address given to the pod, before its status says so.</summary>
    public string? Address { get; set; }

    /// <summary>The exact moment of the last news, see <see cref="Reconciliation.Pods.KubeletSituation.Since"/>.</summary>
    public DateTime? Since { get; set; }

    public bool StopAnnounced { get; set; }

    public bool PullAnnounced { get; set; }

    /// <summary>The claims were found bound; they stay so while a pod uses them.</summary>
    public bool VolumesReady { get; set; }

    /// <summary>A step is under way; news that comes meanwhile is looked at after it.</summary>
    public bool Stepping { get; set; }

    public bool News { get; set; }

    private static V1Pod OutlineOf(V1Pod pod) => new()
    {
        Metadata = new V1ObjectMeta { Uid = pod.Metadata.Uid },
        Spec = pod.Spec.Containers.Any(container => container.Ports?.Any(port => port.HostPort > 0) == true) ? pod.Spec : NoHostPorts,
        Status = new V1PodStatus { Phase = pod.Status?.Phase },
    };
}
