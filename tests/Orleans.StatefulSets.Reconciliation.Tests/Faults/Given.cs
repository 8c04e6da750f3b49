using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Faults;
using Orleans.StatefulSets.Resources.Faults;

namespace Orleans.StatefulSets.Reconciliation.Tests.Faults;

/// <summary>Faults, nodes and pods for tests.</summary>
internal static class Given
{
    public static readonly DateTime Start = new(2025, 6, 1, 12, 0, 0, DateTimeKind.Utc);

    public static V1alpha1Fault Fault(string action, V1alpha1FaultSelector? selector = null, string name = "f") => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = name,
            Uid = $"uid-{name}",
            Generation = 1,
            CreationTimestamp = Start,
            Finalizers = FaultActions.HitsNodes(action) ? [FaultFinalizer.Name] : null,
        },
        Spec = new V1alpha1FaultSpec { Action = action, Percent = 100, Selector = selector },
        Status = new V1alpha1FaultStatus { Phase = FaultPhases.Pending },
    };

    public static V1alpha1Fault With(this V1alpha1Fault fault, Func<V1alpha1FaultSpec, V1alpha1FaultSpec> change) => fault with { Spec = change(fault.Spec) };

    public static V1alpha1Fault Begun(this V1alpha1Fault fault, params V1Node[] nodes) => FaultDecision.Next(Situation(fault, nodes)).Next!;

    public static V1alpha1Fault Deleted(this V1alpha1Fault fault) => fault with { Metadata = fault.Metadata with { DeletionTimestamp = Start } };

    public static V1Node Node(string name, string? uid = null, string zone = "a") => new()
    {
        Metadata = new V1ObjectMeta { Name = name, Uid = uid ?? $"uid-{name}", Labels = new Dictionary<string, string> { ["zone"] = zone } },
        Spec = new V1NodeSpec(),
        Status = new V1NodeStatus { Capacity = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("8") } },
    };

    public static V1Node[] Nodes(int count) => [.. Enumerable.Range(1, count).Select(number => Node($"node-{number}"))];

    public static V1Pod Pod(string name, string node = "node-1", string app = "web", params string[] containers) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default", Uid = $"uid-{name}", Labels = new Dictionary<string, string> { ["app"] = app } },
        Spec = new V1PodSpec { NodeName = node, Containers = [.. Names(containers).Select(container => new V1Container { Name = container, Image = "nginx:1" })] },
        Status = new V1PodStatus
        {
            Phase = "Running",
            ContainerStatuses = [.. Names(containers).Select(container => new V1ContainerStatus { Name = container, State = new V1ContainerState { Running = new V1ContainerStateRunning() } })],
        },
    };

    public static FaultSituation Situation(V1alpha1Fault fault, IEnumerable<V1Node>? nodes = null, IReadOnlyList<V1Pod>? pods = null, double after = 0) => new()
    {
        Fault = fault,
        Nodes = nodes ?? [],
        NodeOf = name => (nodes ?? []).FirstOrDefault(node => node.Metadata.Name == name),
        Pods = pods ?? [],
        PodsOn = node => (pods ?? []).Where(pod => pod.Spec.NodeName == node),
        Now = Start.AddSeconds(after),
    };

    private static string[] Names(string[] containers) => containers.Length == 0 ? ["c"] : containers;
}
