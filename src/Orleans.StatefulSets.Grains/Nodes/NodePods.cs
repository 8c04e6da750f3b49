using k8s.Models;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Reconciliation.Disruption;
using Orleans.StatefulSets.Reconciliation.Events;
using Orleans.StatefulSets.Reconciliation.Nodes;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Nodes;

/// <summary>
/// What the control plane does with the pods of one node that is lost, tainted or gone: they are not ready, are deleted when their
/// tolerations end, and are collected when no kubelet will ever end them. All of it can be found again from what is stored.
/// </summary>
internal sealed class NodePods(ObjectServices services, string nodeName)
{
    private const int AtOnce = 32;
    private const string TaintController = "taint-eviction-controller";

    /// <summary>How long a node must be missing before its pods are collected (<c>quarantineTime</c> of <c>pkg/controller/podgc</c>).</summary>
    private static readonly TimeSpan Quarantine = TimeSpan.FromSeconds(40);

    private readonly Dictionary<string, DateTime> evictions = [];
    private DateTime? taintsSince;
    private DateTime? missingSince;

    /// <summary>News of a pod on the node means something here: the node is not as it should be.</summary>
    public bool IsConcerned { get; private set; }

    /// <summary>Does what is due now.</summary>
    /// <param name="node">The node, null where there is none.</param>
    /// <returns>When something is due next, or null.</returns>
    public async Task<DateTime?> GoOnAsync(V1Node? node)
    {
        if (node is null)
        {
            IsConcerned = true;
            return await CollectOrphansAsync();
        }

        missingSince = null;
        var isLost = NodeConditions.Status(node, "Ready") is { } ready and not "True";
        var taints = NodeTaints.Evicting(node);
        IsConcerned = isLost || taints.Count > 0 || evictions.Count > 0;
        if (!IsConcerned)
        {
            taintsSince = null;
            return null;
        }

        var pods = Pods();
        if (isLost)
        {
            await EachAsync(pods.Where(pod => PodReadiness.IsReady(pod.As<V1Pod>())), LoseAsync);
        }

        var due = await EvictAsync(pods, taints);
        if (isLost && NodeTaints.IsOutOfService(node))
        {
            await EachAsync(pods.Where(pod => PodReadiness.IsTerminating(pod.As<V1Pod>())), pod => EndAsync(pod, null));
        }

        return due;
    }

    private List<StoredObject> Pods() => [.. services.Replicas.Nodes.PodsOn(nodeName).Select(services.Replicas.Find).OfType<StoredObject>()];

    private async Task LoseAsync(StoredObject pod)
    {
        var reply = await Pod(pod).MarkLost(pod.Uid);
        if (!reply.Refused && reply.Outcome == WriteOutcome.Updated)
        {
            services.Events.Record(NodeDecision.PodIsLost, pod);
        }
    }

    private async Task<DateTime?> EvictAsync(List<StoredObject> pods, IReadOnlyList<V1Taint> taints)
    {
        taintsSince = taints.Count == 0 ? null : taintsSince ?? services.Clock.Now;
        Dictionary<string, DateTime> next = [];
        foreach (var pod in pods)
        {
            if (TaintEviction.DueAt(pod.As<V1Pod>(), taints, taintsSince ?? services.Clock.Now) is { } due)
            {
                next[pod.Uid] = due;
            }
            else if (evictions.ContainsKey(pod.Uid) && !PodReadiness.IsTerminating(pod.As<V1Pod>()))
            {
                services.Events.Record(Told($"Cancelling deletion of Pod {pod.Key.Namespace}/{pod.Key.Name}"), pod);
            }
        }

        evictions.Clear();
        var now = services.Clock.Now;
        foreach (var (uid, due) in next.Where(pair => pair.Value > now))
        {
            evictions[uid] = due;
        }

        await EachAsync(pods.Where(pod => next.TryGetValue(pod.Uid, out var due) && due <= now), EvictAsync);
        return evictions.Count == 0 ? null : evictions.Values.Min();
    }

    private async Task EvictAsync(StoredObject pod)
    {
        var marked = await Pod(pod).MarkTarget(pod.Uid, DisruptionCause.Taint.Reason, DisruptionCause.Taint.Message);
        if (!marked.Refused && marked.Outcome == WriteOutcome.Updated)
        {
            services.Events.Record(Told($"Marking for deletion Pod {pod.Key.Namespace}/{pod.Key.Name}"), pod);
        }

        await DeleteAsync(pod, graceSeconds: null);
    }

    private async Task<DateTime?> CollectOrphansAsync()
    {
        var pods = Pods();
        if (pods.Count == 0)
        {
            return null;
        }

        missingSince ??= services.Clock.Now;
        if (missingSince + Quarantine is { } due && services.Clock.Now < due)
        {
            return due;
        }

        await EachAsync(pods, pod => EndAsync(pod, DisruptionCause.LostNode));
        return null;
    }

    // Nobody else will say how it ended.
    private async Task EndAsync(StoredObject pod, DisruptionCause? cause)
    {
        await Pod(pod).MarkFailed(pod.Uid, cause?.Reason ?? "", cause?.Message ?? "");
        await DeleteAsync(pod, graceSeconds: 0);
    }

    private Task DeleteAsync(StoredObject pod, long? graceSeconds) => Pod(pod).Write(new WriteRequest
    {
        Key = pod.Key,
        Verb = WriteVerb.Delete,
        DeleteOptions = new V1DeleteOptions { GracePeriodSeconds = graceSeconds, Preconditions = new V1Preconditions { Uid = pod.Uid } },
    });

    private Pods.IPodGrain Pod(StoredObject pod) => services.Observers.Pod(pod.Key.Namespace, pod.Key.Name);

    private static ObjectEvent Told(string message) => ObjectEvent.Normal(TaintController, "TaintManagerEviction", message);

    private static async Task EachAsync(IEnumerable<StoredObject> pods, Func<StoredObject, Task> work)
    {
        foreach (var part in pods.Chunk(AtOnce))
        {
            await Task.WhenAll(part.Select(work));
        }
    }
}
