using k8s.Models;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.Defaulting;

/// <summary>The admission plug-in LimitRanger (plugin/pkg/admission/limitranger): what containers get, and what pods and claims must keep to.</summary>
internal static class LimitRangeAdmission
{
    private const string Annotation = "kubernetes.io/limit-ranger";

    /// <summary>The items of a namespace's LimitRanges, by the ranges' names.</summary>
    public static IReadOnlyList<V1LimitRangeItem> RangesOf(V1ObjectMeta metadata, IClusterView cluster) =>
        [.. cluster.List(ResourceKinds.LimitRanges.Resource, metadata.NamespaceProperty ?? "").SelectMany(item => ((V1LimitRange)item.KeepModel()).Spec.Limits)];

    /// <summary>The pod whose containers have the defaults that they left out, and an annotation that says so.</summary>
    public static V1Pod Fill(V1Pod pod, IReadOnlyList<V1LimitRangeItem> ranges)
    {
        var said = new List<string>();
        foreach (var range in ranges.Where(range => range.Type == "Container" && (range.DefaultProperty is { Count: > 0 } || range.DefaultRequest is { Count: > 0 })))
        {
            pod = pod with
            {
                Spec = pod.Spec with
                {
                    Containers = SharedLists.Each(pod.Spec.Containers, container => Fill(container, range, "container", said)),
                    InitContainers = SharedLists.Each(pod.Spec.InitContainers, container => Fill(container, range, "init container", said)),
                },
            };
        }

        return said.Count == 0 ? pod : pod with
        {
            Metadata = pod.Metadata with
            {
                Annotations = new Dictionary<string, string>(pod.Metadata.Annotations ?? new Dictionary<string, string>())
                {
                    [Annotation] = $"LimitRanger plugin set: {string.Join("; ", said)}",
                },
            },
        };
    }

    /// <exception cref="ApiException">403: a container or the pod breaks a range.</exception>
    public static void Check(V1Pod pod, IReadOnlyList<V1LimitRangeItem> ranges)
    {
        var wrong = new List<string>();
        foreach (var range in ranges)
        {
            if (range.Type == "Container")
            {
                foreach (var container in (pod.Spec.Containers ?? []).Concat(pod.Spec.InitContainers ?? []))
                {
                    wrong.AddRange(LimitRangeLimits.Violations(range, container.Resources?.Requests, container.Resources?.Limits));
                }
            }
            else if (range.Type == "Pod")
            {
                wrong.AddRange(LimitRangeLimits.Violations(range, PodAmounts.Requests(pod.Spec), PodAmounts.Limits(pod.Spec)));
            }
        }

        Refuse(ResourceKinds.Pods, pod.Metadata, wrong);
    }

    /// <exception cref="ApiException">403: the claim asks for more or less than a range allows.</exception>
    public static void Check(V1PersistentVolumeClaim claim, IReadOnlyList<V1LimitRangeItem> ranges) => Refuse(
        ResourceKinds.PersistentVolumeClaims,
        claim.Metadata,
        [.. ranges.Where(range => range.Type == "PersistentVolumeClaim").SelectMany(range => LimitRangeLimits.ClaimViolations(range, claim.Spec?.Resources?.Requests))]);

    private static void Refuse(ResourceKind kind, V1ObjectMeta metadata, List<string> wrong)
    {
        var texts = wrong.Distinct().ToList();
        if (texts.Count > 0)
        {
            throw ApiErrors.Forbidden(kind, metadata.Name ?? "", texts.Count == 1 ? texts[0] : $"[{string.Join(", ", texts)}]");
        }
    }

    private static V1Container Fill(V1Container container, V1LimitRangeItem range, string what, List<string> said)
    {
        var (requests, newRequests) = With(container.Resources?.Requests, range.DefaultRequest);
        var (limits, newLimits) = With(container.Resources?.Limits, range.DefaultProperty);
        if (newRequests.Count > 0)
        {
            said.Add($"{string.Join(", ", newRequests)} request for {what} {container.Name}");
        }

        if (newLimits.Count > 0)
        {
            said.Add($"{string.Join(", ", newLimits)} limit for {what} {container.Name}");
        }

        return newRequests.Count + newLimits.Count == 0
            ? container
            : container with { Resources = (container.Resources ?? new V1ResourceRequirements()) with { Requests = requests, Limits = limits } };
    }

    private static (IDictionary<string, ResourceQuantity>? All, IReadOnlyList<string> Added) With(
        IDictionary<string, ResourceQuantity>? given, IDictionary<string, ResourceQuantity>? defaults)
    {
        var added = (defaults?.Keys ?? []).Where(name => given?.ContainsKey(name) != true).Order(StringComparer.Ordinal).ToList();
        if (added.Count == 0)
        {
            return (given, added);
        }

        var all = new Dictionary<string, ResourceQuantity>(given ?? new Dictionary<string, ResourceQuantity>());
        added.ForEach(name => all[name] = defaults![name]);
        return (all, added);
    }
}
