using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Tests.Scheduling;

/// <summary>Nodes and pods with all constraints, by a seed.</summary>
internal sealed class RandomCluster(int seed)
{
    private readonly Random chance = new(seed);
    private int pods;

    public int Next(int below) => chance.Next(below);

    public bool Maybe(int oneIn) => chance.Next(oneIn) == 0;

    public T Any<T>(IReadOnlyCollection<T> all) => all.ElementAt(chance.Next(all.Count));

    public V1Node Node(string name)
    {
        var node = Given.Node(name, pods: 4, cpu: "2");
        if (!Maybe(6))
        {
            node.Metadata.Labels["zone"] = $"zone-{Next(3)}";
        }

        return node with
        {
            Spec = new V1NodeSpec
            {
                Unschedulable = Maybe(10) ? true : null,
                Taints = Maybe(4) ? [new V1Taint { Key = "k", Value = "v", Effect = Maybe(2) ? "NoSchedule" : "PreferNoSchedule" }] : null,
            },
        };
    }

    public V1Pod Pod()
    {
        var pod = Given.Pod($"pod-{++pods}", cpu: Maybe(2) ? $"{Next(25)}00m" : null);
        var container = pod.Spec.Containers[0];
        return pod with
        {
            Metadata = pod.Metadata with { NamespaceProperty = $"space-{Next(2)}", Labels = Labels() },
            Spec = pod.Spec with
            {
                Priority = Next(3) * 10,
                Containers = [container with { Ports = Maybe(5) ? [new V1ContainerPort { HostPort = 80 + Next(2), Protocol = "TCP", HostIP = Maybe(2) ? null : $"10.0.0.{Next(2)}" }] : null }],
                NodeSelector = Maybe(6) ? new Dictionary<string, string> { ["zone"] = $"zone-{Next(3)}" } : null,
                Tolerations = Maybe(3) ? [new V1Toleration { Key = "k", OperatorProperty = "Exists", Effect = "NoSchedule" }] : null,
                TopologySpreadConstraints = Maybe(3) ? [.. Enumerable.Range(0, 1 + Next(2)).Select(_ => Spread())] : null,
                Affinity = Maybe(2) ? Affinity() : null,
            },
        };
    }

    public Dictionary<string, string> Labels() => new() { ["app"] = $"app-{Next(3)}", ["tier"] = $"tier-{Next(2)}" };

    private V1TopologySpreadConstraint Spread() => new()
    {
        TopologyKey = Key(),
        MaxSkew = 1 + Next(2),
        WhenUnsatisfiable = "DoNotSchedule",
        MinDomains = Maybe(3) ? 3 : null,
        NodeAffinityPolicy = Maybe(3) ? "Ignore" : null,
        NodeTaintsPolicy = Maybe(3) ? "Honor" : null,
        MatchLabelKeys = Maybe(3) ? ["tier"] : null,
        LabelSelector = Selector("app", 3),
    };

    private V1Affinity Affinity() => new()
    {
        PodAffinity = Maybe(3) ? new V1PodAffinity { RequiredDuringSchedulingIgnoredDuringExecution = Required(), PreferredDuringSchedulingIgnoredDuringExecution = Preferred() } : null,
        PodAntiAffinity = Maybe(2) ? new V1PodAntiAffinity { RequiredDuringSchedulingIgnoredDuringExecution = Required(), PreferredDuringSchedulingIgnoredDuringExecution = Preferred() } : null,
        NodeAffinity = Maybe(4)
            ? new V1NodeAffinity
            {
                PreferredDuringSchedulingIgnoredDuringExecution =
                [
                    new V1PreferredSchedulingTerm
                    {
                        Weight = 1 + Next(100),
                        Preference = new V1NodeSelectorTerm { MatchExpressions = [new V1NodeSelectorRequirement { Key = "zone", OperatorProperty = "In", Values = ["zone-1"] }] },
                    },
                ],
            }
            : null,
    };

    private List<V1PodAffinityTerm>? Required() => Maybe(2) ? null : [.. Enumerable.Range(0, 1 + Next(2)).Select(_ => Term())];

    private List<V1WeightedPodAffinityTerm>? Preferred() => Maybe(2) ? null : [new V1WeightedPodAffinityTerm { Weight = 1 + Next(100), PodAffinityTerm = Term() }];

    private V1PodAffinityTerm Term() => new()
    {
        TopologyKey = Key(),
        LabelSelector = Selector(Maybe(2) ? "app" : "tier", 2),
        Namespaces = Maybe(4) ? [$"space-{Next(2)}"] : null,
        NamespaceSelector = Maybe(4) ? new V1LabelSelector { MatchLabels = Maybe(3) ? null : new Dictionary<string, string> { ["team"] = "one" } } : null,
    };

    private V1LabelSelector Selector(string key, int values) => Maybe(5)
        ? new V1LabelSelector { MatchExpressions = [new V1LabelSelectorRequirement { Key = key, OperatorProperty = "NotIn", Values = [$"{key}-{Next(values)}"] }] }
        : new V1LabelSelector { MatchLabels = new Dictionary<string, string> { [key] = $"{key}-{Next(values)}" } };

    private string Key() => Maybe(2) ? "zone" : "kubernetes.io/hostname";
}
