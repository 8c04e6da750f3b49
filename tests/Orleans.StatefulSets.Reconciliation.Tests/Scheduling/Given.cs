using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Scheduling;

namespace Orleans.StatefulSets.Reconciliation.Tests.Scheduling;

/// <summary>Nodes and pods for the scheduler's tests.</summary>
internal static class Given
{
    public static V1Node Node(string name, int pods = 110, string cpu = "4", string memory = "8Gi") => new()
    {
        Metadata = new V1ObjectMeta { Name = name, Labels = new Dictionary<string, string> { ["kubernetes.io/hostname"] = name, ["cores"] = cpu } },
        Spec = new V1NodeSpec(),
        Status = new V1NodeStatus
        {
            Allocatable = new Dictionary<string, ResourceQuantity> { ["cpu"] = new(cpu), ["memory"] = new(memory), ["pods"] = new($"{pods}") },
        },
    };

    public static V1Pod Pod(string name, string? set = null, string? cpu = null, string? memory = null) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = name,
            NamespaceProperty = "default",
            Uid = "uid-of-" + name,
            ResourceVersion = "10",
            OwnerReferences = set is null ? null : [new V1OwnerReference { Kind = "StatefulSet", Name = set, Uid = "uid-of-" + set, Controller = true }],
        },
        Spec = new V1PodSpec { Containers = [Container(cpu, memory)], SchedulerName = "default-scheduler" },
        Status = new V1PodStatus { Phase = "Pending" },
    };

    public static V1Container Container(string? cpu = null, string? memory = null, string? restartPolicy = null)
    {
        var requests = new Dictionary<string, ResourceQuantity>();
        if (cpu is not null)
        {
            requests["cpu"] = new(cpu);
        }

        if (memory is not null)
        {
            requests["memory"] = new(memory);
        }

        return new V1Container { Name = "c", Resources = new V1ResourceRequirements { Requests = requests }, RestartPolicy = restartPolicy };
    }

    public static V1Pod On(this V1Pod pod, string node, string phase = "Running") =>
        pod with { Spec = pod.Spec with { NodeName = node }, Status = new V1PodStatus { Phase = phase } };

    public static SchedulerSummary Scheduler(params V1Node[] nodes)
    {
        var scheduler = new SchedulerSummary(seed: 1);
        foreach (var node in nodes)
        {
            scheduler.ObserveNode(node, 1);
        }

        return scheduler;
    }

    public static string? NodeOf(this SchedulingOutcome outcome) => (outcome as SchedulingOutcome.Assigned)?.NodeName;

    public static string? MessageOf(this SchedulingOutcome outcome) => (outcome as SchedulingOutcome.Unschedulable)?.Message;

    public static string? Assign(this SchedulerSummary scheduler, V1Pod pod) => scheduler.Assign(pod, SchedulingClaims.None).NodeOf();

    public static string? Refuse(this SchedulerSummary scheduler, V1Pod pod, params SchedulingClaim[] claims) =>
        scheduler.Assign(pod, new SchedulingClaims(claims)).MessageOf();
}
