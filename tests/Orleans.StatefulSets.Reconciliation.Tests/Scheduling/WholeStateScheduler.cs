using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Scheduling;
using Orleans.StatefulSets.Resources.Selectors;

namespace Orleans.StatefulSets.Reconciliation.Tests.Scheduling;

/// <summary>
/// The scheduler's rules as plain functions over the list of all nodes and the list of all pods, each look a walk through everything:
/// the oracle of <see cref="SchedulerSummary"/>.
/// </summary>
internal sealed class WholeStateScheduler
{
    public Dictionary<string, V1Node> Nodes { get; } = [];

    /// <summary>The pods that have a node, by name.</summary>
    public Dictionary<string, V1Pod> Pods { get; } = [];

    public Dictionary<string, Dictionary<string, string>> Namespaces { get; } = [];

    /// <summary>The reasons of the first filter that says no, and whether they last; null where the pod can go there.</summary>
    public (string[] Reasons, bool Lasting)? Refusal(V1Pod pod, V1Node node) =>
        RefusalByNode(pod, node) ?? RefusalByRoom(pod, node) ?? RefusalBySpread(pod, node) ?? RefusalByPods(pod, node);

    /// <summary>The whole message where no node will do, no victim can be found and the pod was never nominated.</summary>
    public string Message(V1Pod pod)
    {
        var refusals = Nodes.Values.Select(node => Refusal(pod, node)!.Value).ToList();
        var preemption = Nodes.Values.SelectMany(node => Refusal(pod, node)!.Value.Lasting ? ["Preemption is not helpful for scheduling"] : Victims(pod, node).Reasons);
        return $"{Histogram(refusals.SelectMany(refusal => refusal.Reasons))} preemption: {Histogram(preemption)}";
    }

    /// <summary>Whom a node would have to give up; or why even that would not help.</summary>
    public (List<V1Pod> Pods, string[] Reasons) Victims(V1Pod pod, V1Node node)
    {
        var lower = On(node).Where(other => Priority(other) < Priority(pod))
            .OrderByDescending(Priority).ThenBy(other => other.Status.StartTime ?? DateTime.MaxValue).ThenBy(other => other.Metadata.NamespaceProperty).ThenBy(other => other.Metadata.Name).ToList();
        if (lower.Count == 0)
        {
            return ([], ["No preemption victims found for incoming pod"]);
        }

        lower.ForEach(other => Pods.Remove(other.Metadata.Name));
        var refusal = Refusal(pod, node);
        List<V1Pod> victims = [];
        foreach (var other in lower)
        {
            Pods[other.Metadata.Name] = other;
            if (refusal is null && Refusal(pod, node) is not null)
            {
                Pods.Remove(other.Metadata.Name);
                victims.Add(other);
            }
        }

        victims.ForEach(victim => Pods[victim.Metadata.Name] = victim);
        return (victims, refusal?.Reasons ?? []);
    }

    /// <summary>The sum of the weighted scores of a node among those that will do.</summary>
    public int Score(V1Pod pod, V1Node node, List<V1Node> feasible)
    {
        var taints = 100 - Scale(node, feasible, each => each.Spec.Taints?.Count(taint => taint.Effect == "PreferNoSchedule") ?? 0);
        var affinity = Scale(node, feasible, each => pod.Spec.Affinity?.NodeAffinity?.PreferredDuringSchedulingIgnoredDuringExecution?
            .Where(term => NodeSelectors.Matches(new V1NodeSelector { NodeSelectorTerms = [term.Preference] }, each)).Sum(term => term.Weight) ?? 0);
        var (min, max) = (feasible.Min(each => PodScore(pod, each)), feasible.Max(each => PodScore(pod, each)));
        var pods = min == max ? 0 : (int)(100.0 * (PodScore(pod, node) - min) / (max - min));
        return (3 * taints) + (2 * affinity) + (2 * pods);
    }

    private static int Scale(V1Node node, List<V1Node> feasible, Func<V1Node, int> score) =>
        feasible.Max(score) is > 0 and var max ? score(node) * 100 / max : 0;

    private long PodScore(V1Pod pod, V1Node node)
    {
        long sum = 0;
        foreach (var other in Pods.Values.Where(other => Nodes.ContainsKey(other.Spec.NodeName)))
        {
            var there = Nodes[other.Spec.NodeName];
            sum += Preferred(pod).Where(term => Means(pod, term.Term, other) && Together(node, there, term.Term)).Sum(term => term.Weight);
            sum += Preferred(other).Where(term => Means(other, term.Term, pod) && Together(node, there, term.Term)).Sum(term => term.Weight);
            sum += Required(other.Spec.Affinity?.PodAffinity).Count(term => Means(other, term, pod) && Together(node, there, term));
        }

        return sum;
    }

    private static IEnumerable<(V1PodAffinityTerm Term, int Weight)> Preferred(V1Pod pod) =>
        (pod.Spec.Affinity?.PodAffinity?.PreferredDuringSchedulingIgnoredDuringExecution ?? []).Select(term => (term.PodAffinityTerm, term.Weight))
            .Concat((pod.Spec.Affinity?.PodAntiAffinity?.PreferredDuringSchedulingIgnoredDuringExecution ?? []).Select(term => (term.PodAffinityTerm, -term.Weight)));

    private static (string[], bool)? RefusalByNode(V1Pod pod, V1Node node)
    {
        if (node.Spec.Unschedulable == true)
        {
            return (["node(s) were unschedulable"], true);
        }

        var taint = node.Spec.Taints?.FirstOrDefault(taint => taint.Effect == "NoSchedule" && pod.Spec.Tolerations?.Any(toleration => toleration.Key == taint.Key) != true);
        if (taint is not null)
        {
            return ([$"node(s) had untolerated taint {{{taint.Key}: {taint.Value}}}"], true);
        }

        return Wanted(pod, node) ? null : (["node(s) didn't match Pod's node affinity/selector"], true);
    }

    private static bool Wanted(V1Pod pod, V1Node node) => pod.Spec.NodeSelector?.All(pair => node.Metadata.Labels.TryGetValue(pair.Key, out var value) && value == pair.Value) != false;

    private (string[], bool)? RefusalByRoom(V1Pod pod, V1Node node)
    {
        var ports = On(node).SelectMany(Ports).ToList();
        if (Ports(pod).Any(port => ports.Any(other => other.HostPort == port.HostPort && other.Protocol == port.Protocol && (other.HostIP == port.HostIP || other.HostIP is null || port.HostIP is null))))
        {
            return (["node(s) didn't have free ports for the requested pod ports"], false);
        }

        List<string> reasons = [];
        if (On(node).Count() + 1 > node.Status.Allocatable["pods"].ToDecimal())
        {
            reasons.Add("Too many pods");
        }

        var capacity = node.Status.Allocatable["cpu"].ToDecimal();
        if (Cpu(pod) > 0 && On(node).Sum(Cpu) + Cpu(pod) > capacity)
        {
            reasons.Add("Insufficient cpu");
        }

        return reasons.Count == 0 ? null : ([.. reasons], reasons.Contains("Insufficient cpu") && Cpu(pod) > capacity);
    }

    private (string[], bool)? RefusalBySpread(V1Pod pod, V1Node node)
    {
        var hard = pod.Spec.TopologySpreadConstraints?.Where(constraint => constraint.WhenUnsatisfiable == "DoNotSchedule").ToList() ?? [];
        foreach (var constraint in hard)
        {
            if (!node.Metadata.Labels.TryGetValue(constraint.TopologyKey, out var own))
            {
                return (["node(s) didn't match pod topology spread constraints (missing required label)"], true);
            }

            var domains = Nodes.Values.Where(each => hard.All(other => each.Metadata.Labels.ContainsKey(other.TopologyKey)))
                .Where(each => constraint.NodeAffinityPolicy == "Ignore" || Wanted(pod, each))
                .Where(each => constraint.NodeTaintsPolicy != "Honor" || RefusalByNode(pod with { Spec = pod.Spec with { NodeSelector = null } }, each with { Spec = each.Spec with { Unschedulable = null } }) is null)
                .GroupBy(each => each.Metadata.Labels[constraint.TopologyKey])
                .ToDictionary(group => group.Key, group => group.Sum(each => On(each).Count(other => Counts(constraint, pod, other))));
            var fewest = domains.Count == 0 || domains.Count < (constraint.MinDomains ?? 1) ? 0 : domains.Values.Min();
            var self = Counts(constraint, pod, pod) ? 1 : 0;
            if (domains.GetValueOrDefault(own) + self - fewest > constraint.MaxSkew)
            {
                return (["node(s) didn't match pod topology spread constraints"], false);
            }
        }

        return null;
    }

    private static bool Counts(V1TopologySpreadConstraint constraint, V1Pod pod, V1Pod other) =>
        other.Metadata.NamespaceProperty == pod.Metadata.NamespaceProperty && other.Metadata.DeletionTimestamp is null
        && LabelSelector.From(constraint.LabelSelector).Matches(other.Metadata.Labels)
        && (constraint.MatchLabelKeys ?? []).All(key => other.Metadata.Labels[key] == pod.Metadata.Labels[key]);

    private (string[], bool)? RefusalByPods(V1Pod pod, V1Node node)
    {
        var affinity = Required(pod.Spec.Affinity?.PodAffinity);
        var others = Pods.Values.Where(other => Nodes.ContainsKey(other.Spec.NodeName)).ToList();
        var friends = others.Where(other => affinity.All(term => Means(pod, term, other))).ToList();
        var nobody = !friends.Any(other => affinity.Any(term => Nodes[other.Spec.NodeName].Metadata.Labels.ContainsKey(term.TopologyKey)));
        var isFirst = nobody && affinity.All(term => Means(pod, term, pod));
        if (affinity.Any(term => !node.Metadata.Labels.ContainsKey(term.TopologyKey)
            || (!isFirst && !friends.Any(other => Together(node, Nodes[other.Spec.NodeName], term)))))
        {
            return (["node(s) didn't match pod affinity rules"], true);
        }

        if (others.Any(other => Required(pod.Spec.Affinity?.PodAntiAffinity).Any(term => Means(pod, term, other) && Together(node, Nodes[other.Spec.NodeName], term))))
        {
            return (["node(s) didn't match pod anti-affinity rules"], false);
        }

        return others.Any(other => Required(other.Spec.Affinity?.PodAntiAffinity).Any(term => Means(other, term, pod) && Together(node, Nodes[other.Spec.NodeName], term)))
            ? (["node(s) didn't satisfy existing pods anti-affinity rules"], false)
            : null;
    }

    private bool Means(V1Pod asking, V1PodAffinityTerm term, V1Pod other)
    {
        var inNamespace = term.NamespaceSelector is null && term.Namespaces is null
            ? other.Metadata.NamespaceProperty == asking.Metadata.NamespaceProperty
            : term.Namespaces?.Contains(other.Metadata.NamespaceProperty) == true
                || LabelSelector.From(term.NamespaceSelector).Matches(Namespaces[other.Metadata.NamespaceProperty]);
        return inNamespace && LabelSelector.From(term.LabelSelector).Matches(other.Metadata.Labels);
    }

    private static bool Together(V1Node one, V1Node other, V1PodAffinityTerm term) =>
        one.Metadata.Labels.TryGetValue(term.TopologyKey, out var value) && other.Metadata.Labels.TryGetValue(term.TopologyKey, out var there) && value == there;

    private static IList<V1PodAffinityTerm> Required(V1PodAffinity? affinity) => affinity?.RequiredDuringSchedulingIgnoredDuringExecution ?? [];

    private static IList<V1PodAffinityTerm> Required(V1PodAntiAffinity? affinity) => affinity?.RequiredDuringSchedulingIgnoredDuringExecution ?? [];

    private IEnumerable<V1Pod> On(V1Node node) => Pods.Values.Where(pod => pod.Spec.NodeName == node.Metadata.Name);

    private static int Priority(V1Pod pod) => pod.Spec.Priority ?? 0;

    private static decimal Cpu(V1Pod pod) => pod.Spec.Containers[0].Resources?.Requests?.TryGetValue("cpu", out var cpu) == true ? cpu.ToDecimal() : 0;

    private static IEnumerable<V1ContainerPort> Ports(V1Pod pod) => pod.Spec.Containers[0].Ports ?? [];

    private string Histogram(IEnumerable<string> reasons) =>
        $"0/{Nodes.Count} nodes are available: {string.Join(", ", reasons.GroupBy(reason => reason).Select(group => $"{group.Count()} {group.Key}").Order(StringComparer.Ordinal))}.";
}
