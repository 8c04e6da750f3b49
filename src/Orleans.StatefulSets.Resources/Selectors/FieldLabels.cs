using k8s.Models;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Resources.Selectors;

/// <summary>
/// The field labels that each kind supports (core/v1's <c>conversion.go</c>), and what they are of an object (each registry's
/// <c>ToSelectableFields</c>).
/// </summary>
internal static class FieldLabels
{
    private static readonly Dictionary<string, Func<V1Pod, string?>> Pod = new()
    {
        ["spec.nodeName"] = pod => pod.Spec?.NodeName,
        ["spec.restartPolicy"] = pod => pod.Spec?.RestartPolicy,
        ["spec.schedulerName"] = pod => pod.Spec?.SchedulerName,
        ["spec.serviceAccountName"] = pod => pod.Spec?.ServiceAccountName,
        ["spec.hostNetwork"] = pod => pod.Spec?.HostNetwork == true ? "true" : "false",
        ["status.phase"] = pod => pod.Status?.Phase,
        ["status.podIP"] = pod => pod.Status?.PodIP,
        ["status.podIPs"] = pod => string.Join(',', pod.Status?.PodIPs?.Select(address => address.Ip) ?? []),
        ["status.nominatedNodeName"] = pod => pod.Status?.NominatedNodeName,
    };

    private static readonly Dictionary<string, Func<Corev1Event, string?>> Event = new()
    {
        ["involvedObject.kind"] = item => item.InvolvedObject?.Kind,
        ["involvedObject.namespace"] = item => item.InvolvedObject?.NamespaceProperty,
        ["involvedObject.name"] = item => item.InvolvedObject?.Name,
        ["involvedObject.uid"] = item => item.InvolvedObject?.Uid,
        ["involvedObject.apiVersion"] = item => item.InvolvedObject?.ApiVersion,
        ["involvedObject.resourceVersion"] = item => item.InvolvedObject?.ResourceVersion,
        ["involvedObject.fieldPath"] = item => item.InvolvedObject?.FieldPath,
        ["reason"] = item => item.Reason,
        ["reportingComponent"] = item => item.ReportingComponent,
        ["source"] = item => string.IsNullOrEmpty(item.Source?.Component) ? item.ReportingComponent : item.Source.Component,
        ["type"] = item => item.Type,
    };

    private static readonly Dictionary<string, Func<V1Node, string?>> Node = new()
    {
        ["spec.unschedulable"] = node => node.Spec?.Unschedulable == true ? "true" : "false",
    };

    private static readonly Dictionary<string, Func<V1Namespace, string?>> Namespace = new()
    {
        ["status.phase"] = item => item.Status?.Phase,
    };

    private static readonly Dictionary<string, Func<V1Secret, string?>> Secret = new()
    {
        ["type"] = secret => secret.Type,
    };

    private static readonly Dictionary<string, Func<V1Service, string?>> Service = new()
    {
        ["spec.clusterIP"] = service => service.Spec?.ClusterIP,
        ["spec.type"] = service => service.Spec?.Type,
    };

    /// <summary>The complaint about a label that the kind does not support, or null.</summary>
    public static string? Complaint(ResourceKind kind, string label)
    {
        if (label == "metadata.name" || (label == "metadata.namespace" && SupportsNamespace(kind)) || Supports(kind, label))
        {
            return null;
        }

        return HasItsOwn(kind)
            ? $"field label not supported: {label}"
            : $"{Decoding.GoText.Quote(label)} is not a known field selector: only \"metadata.name\", \"metadata.namespace\"";
    }

    /// <summary>What a supported label is of an object; "" where the object does not set it.</summary>
    public static string ValueOf(StoredObject item, string label) => label switch
    {
        "metadata.name" => item.Key.Name,
        "metadata.namespace" => item.Key.Namespace,
        _ => ValueOf(item.Model, label) ?? "",
    };

    // Kinds without a conversion function of their own take both metadata labels, namespaced or not.
    private static bool SupportsNamespace(ResourceKind kind) => kind.Namespaced || !HasItsOwn(kind);

    private static bool HasItsOwn(ResourceKind kind) =>
        kind == ResourceKinds.Pods || kind == ResourceKinds.Events || kind == ResourceKinds.Nodes || kind == ResourceKinds.Namespaces
        || kind == ResourceKinds.Secrets || kind == ResourceKinds.Services;

    private static bool Supports(ResourceKind kind, string label) =>
        kind == ResourceKinds.Pods ? Pod.ContainsKey(label)
        : kind == ResourceKinds.Events ? Event.ContainsKey(label)
        : kind == ResourceKinds.Nodes ? Node.ContainsKey(label)
        : kind == ResourceKinds.Namespaces ? Namespace.ContainsKey(label)
        : kind == ResourceKinds.Secrets ? Secret.ContainsKey(label)
        : kind == ResourceKinds.Services && Service.ContainsKey(label);

    private static string? ValueOf(object model, string label) => model switch
    {
        V1Pod pod => Pod[label](pod),
        Corev1Event item => Event[label](item),
        V1Node node => Node[label](node),
        V1Namespace item => Namespace[label](item),
        V1Secret secret => Secret[label](secret),
        V1Service service => Service[label](service),
        _ => null,
    };
}
