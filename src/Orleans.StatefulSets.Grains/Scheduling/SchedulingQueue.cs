using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Scheduling;

/// <summary>The pods whose turn is to come: higher priority first, then first come (the PrioritySort plugin).</summary>
internal sealed class SchedulingQueue
{
    private readonly PriorityQueue<ObjectKey, (long Importance, long Turn)> queue = new();
    private readonly HashSet<ObjectKey> queued = [];
    private long turn;

    /// <summary>A pod that is in the queue keeps its turn.</summary>
    public void Enqueue(ObjectKey pod, int priority)
    {
        if (queued.Add(pod))
        {
            queue.Enqueue(pod, (-(long)priority, ++turn));
        }
    }

    public bool TryDequeue(out ObjectKey pod) => queue.TryDequeue(out pod!, out _) && queued.Remove(pod);
}
