using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Tests.Scheduling;

/// <summary>Pods with constraints, and nodes with labels and taints, for the scheduler's tests.</summary>
internal static class Constrained
{
    public const string Hostname = "kubernetes.io/hostname";

    public const string Zone = "topology.kubernetes.io/zone";

    public static V1Pod Labelled(this V1Pod pod, string key, string value)
    {
        Dictionary<string, string> labels = new(pod.Metadata.Labels ?? new Dictionary<string, string>()) { [key] = value };
        return pod with { Metadata = pod.Metadata with { Labels = labels } };
    }

    public static V1Pod In(this V1Pod pod, string @namespace) => pod with { Metadata = pod.Metadata with { NamespaceProperty = @namespace } };

    public static V1Pod Priority(this V1Pod pod, int priority) => pod with { Spec = pod.Spec with { Priority = priority } };

    public static V1Pod Near(this V1Pod pod, params V1PodAffinityTerm[] terms) => pod with
    {
        Spec = pod.Spec with { Affinity = new V1Affinity { PodAffinity = new V1PodAffinity { RequiredDuringSchedulingIgnoredDuringExecution = terms } } },
    };

    public static V1Pod Apart(this V1Pod pod, params V1PodAffinityTerm[] terms) => pod with
    {
        Spec = pod.Spec with { Affinity = new V1Affinity { PodAntiAffinity = new V1PodAntiAffinity { RequiredDuringSchedulingIgnoredDuringExecution = terms } } },
    };

    public static V1Pod Preferring(this V1Pod pod, V1Affinity affinity) => pod with { Spec = pod.Spec with { Affinity = affinity } };

    public static V1Pod Spread(this V1Pod pod, params V1TopologySpreadConstraint[] constraints) => pod with { Spec = pod.Spec with { TopologySpreadConstraints = constraints } };

    public static V1Pod OnPort(this V1Pod pod, int port, string protocol = "TCP", string? ip = null) => pod with
    {
        Spec = pod.Spec with { Containers = [pod.Spec.Containers[0] with { Ports = [new V1ContainerPort { ContainerPort = 80, HostPort = port, Protocol = protocol, HostIP = ip }] }] },
    };

    public static V1PodAffinityTerm Term(string app, string key = Hostname) => new() { TopologyKey = key, LabelSelector = Selector(app) };

    public static V1LabelSelector Selector(string app) => new() { MatchLabels = new Dictionary<string, string> { ["app"] = app } };

    public static V1TopologySpreadConstraint Even(string key = Zone, int maxSkew = 1, string action = "DoNotSchedule") =>
        new() { TopologyKey = key, MaxSkew = maxSkew, WhenUnsatisfiable = action, LabelSelector = Selector("web") };

    public static V1Node Zoned(string name, string zone) => Given.Node(name).Labelled(Zone, zone);

    public static V1Node Labelled(this V1Node node, string key, string value)
    {
        Dictionary<string, string> labels = new(node.Metadata.Labels) { [key] = value };
        return node with { Metadata = node.Metadata with { Labels = labels } };
    }

    public static V1Node Tainted(this V1Node node, string effect) => node with { Spec = new V1NodeSpec { Taints = [new V1Taint { Key = "k", Value = "v", Effect = effect }] } };
}
