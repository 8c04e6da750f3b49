using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Pods;

/// <summary>
/// The five conditions that a kubelet owns, by <c>pkg/kubelet/status/generate.go</c>. Conditions of others stay, before them, as
/// the kubelet's status manager merges them.
/// </summary>
internal static class PodConditions
{
    internal const string ReadyToStartContainers = "PodReadyToStartContainers";
    internal const string Initialized = "Initialized";
    internal const string Ready = PodReadiness.ReadyCondition;
    internal const string ContainersReady = "ContainersReady";
    internal const string Scheduled = "PodScheduled";

    /// <summary>The conditions that fit a phase and container statuses; a condition whose status stays keeps its transition time.</summary>
    internal static List<V1PodCondition> Next(V1Pod pod, V1PodStatus status, bool sandboxReady, DateTime now)
    {
        var old = pod.Status?.Conditions;
        var conditions = new List<V1PodCondition>((old?.Count ?? 0) + 5);
        conditions.AddRange((old ?? []).Where(condition => !IsOwnedByKubelet(condition.Type)));

        var containersReady = OfContainers(pod, status);
        conditions.Add(Stamp(new V1PodCondition { Type = ReadyToStartContainers, Status = sandboxReady ? "True" : "False" }, old, now));
        conditions.Add(Stamp(OfInitialization(pod, status), old, now));
        conditions.Add(Stamp(OfPod(pod, containersReady, old), old, now));
        conditions.Add(Stamp(containersReady, old, now));
        conditions.Add(PodReadiness.Condition(old, Scheduled) is { Status: "True" } scheduled
            ? scheduled
            : Stamp(new V1PodCondition { Type = Scheduled, Status = "True" }, old, now));
        return conditions;
    }

    internal static bool Same(IList<V1PodCondition>? left, IList<V1PodCondition> right)
    {
        if (left is null || left.Count != right.Count)
        {
            return false;
        }

        for (var i = 0; i < right.Count; i++)
        {
            if (left[i].Type != right[i].Type || left[i].Status != right[i].Status
                || left[i].Reason != right[i].Reason || left[i].Message != right[i].Message)
            {
                return false;
            }
        }

        return true;
    }

    internal static bool IsOwnedByKubelet(string type) =>
        type is ReadyToStartContainers or Initialized or Ready or ContainersReady or Scheduled;

    private static V1PodCondition Stamp(V1PodCondition condition, IList<V1PodCondition>? old, DateTime now) => condition with
    {
        LastTransitionTime = PodReadiness.Condition(old, condition.Type) is { } before && before.Status == condition.Status
            ? before.LastTransitionTime
            : now,
    };

    private static V1PodCondition OfInitialization(V1Pod pod, V1PodStatus status)
    {
        var condition = new V1PodCondition { Type = Initialized, Status = "True" };
        if (status.Phase == "Succeeded")
        {
            return condition with { Reason = "PodCompleted" };
        }

        // A regular container that has ever run proves that the init containers are done.
        if ((status.ContainerStatuses ?? []).Any(ContainerStatuses.HasBegun))
        {
            return condition;
        }

        var incomplete = (pod.Spec.InitContainers ?? [])
            .Where(container => !InitContainers.IsDone(container, ContainerStatuses.Find(status.InitContainerStatuses, container.Name)))
            .Select(container => container.Name)
            .ToList();
        return incomplete.Count == 0
            ? condition
            : condition with
            {
                Status = "False",
                Reason = "ContainersNotInitialized",
                Message = $"containers with incomplete status: [{string.Join(' ', incomplete)}]",
            };
    }

    // Of the init containers only sidecars count: the others are not there to be ready.
    private static V1PodCondition OfContainers(V1Pod pod, V1PodStatus status)
    {
        var condition = new V1PodCondition { Type = ContainersReady, Status = "False" };
        if (status.Phase is "Succeeded" or "Failed")
        {
            return condition with { Reason = status.Phase == "Succeeded" ? "PodCompleted" : "PodFailed" };
        }

        var sidecars = (pod.Spec.InitContainers ?? []).Where(InitContainers.IsSidecar).Select(sidecar => sidecar.Name).ToHashSet();
        var unready = (status.InitContainerStatuses ?? []).Where(container => sidecars.Contains(container.Name))
            .Concat(status.ContainerStatuses ?? [])
            .Where(container => !container.Ready)
            .Select(container => container.Name)
            .ToList();
        return unready.Count == 0
            ? condition with { Status = "True" }
            : condition with { Reason = "ContainersNotReady", Message = $"containers with unready status: [{string.Join(' ', unready)}]" };
    }

    private static V1PodCondition OfPod(V1Pod pod, V1PodCondition containersReady, IList<V1PodCondition>? old)
    {
        if (containersReady.Status != "True")
        {
            return containersReady with { Type = Ready };
        }

        var complaints = (pod.Spec.ReadinessGates ?? [])
            .Select(gate => GateComplaint(gate.ConditionType, PodReadiness.Condition(old, gate.ConditionType)))
            .OfType<string>()
            .ToList();
        return complaints.Count == 0
            ? new V1PodCondition { Type = Ready, Status = "True" }
            : new V1PodCondition { Type = Ready, Status = "False", Reason = "ReadinessGatesNotReady", Message = string.Join(", ", complaints) };
    }

    private static string? GateComplaint(string gate, V1PodCondition? condition) => condition switch
    {
        null => $"corresponding condition of pod readiness gate \"{gate}\" does not exist.",
        { Status: "True" } => null,
        _ => $"the status of pod readiness gate \"{gate}\" is not \"True\", but {condition.Status}",
    };
}
