namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>The pods that wait for their victims to leave, and the nodes that are kept for them meanwhile.</summary>
internal sealed class Nominations
{
    private readonly Dictionary<(string Namespace, string Name), (PodTraits Pod, string Node)> nominated = [];

    public string? NodeOf((string Namespace, string Name) pod) => nominated.GetValueOrDefault(pod).Node;

    public void Set(PodTraits pod, string node) => nominated[pod.Key] = (pod, node);

    public bool Remove((string Namespace, string Name) pod) => nominated.Remove(pod);

    /// <summary>Those that a pod must leave room for: nominated to the node, and no less important.</summary>
    public IReadOnlyList<PodTraits> Before(PodTraits pod, string node) => nominated.Count == 0
        ? []
        : [.. nominated.Values.Where(other => other.Node == node && other.Pod.Priority >= pod.Priority && other.Pod.Key != pod.Key).Select(other => other.Pod)];

    /// <summary>Those that a more important pod takes the node from.</summary>
    public IReadOnlyList<PodTraits> Below(PodTraits pod, string node) =>
        [.. nominated.Values.Where(other => other.Node == node && other.Pod.Priority < pod.Priority).Select(other => other.Pod)];
}
