using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Endpoints;

/// <summary>The older form: one Endpoints object a Service, at most 1,000 addresses (<c>endpoints_controller.go</c>).</summary>
internal static class EndpointsObjects
{
    internal const int MaxAddresses = 1000;
    internal const string OverCapacityAnnotation = "endpoints.kubernetes.io/over-capacity";
    internal const string ManagedByLabel = "endpoints.kubernetes.io/managed-by";
    private const string ManagedBy = "endpoint-controller";

    /// <summary>The object as it should be, or null where the current one is that already.</summary>
    internal static V1Endpoints? Desired(V1Service service, List<V1Pod> members, V1Endpoints? current, string trigger)
    {
        var subsets = EndpointSubsets.Of(service, members);
        var truncated = EndpointSubsets.Truncate(subsets, MaxAddresses, out var kept);
        var labels = Labels(service);
        if (current is not null
            && EndpointSubsets.Same(current.Subsets, kept)
            && SameLabels(current.Metadata.Labels, labels)
            && IsMarkedTruncated(current) == truncated)
        {
            return null;
        }

        var annotations = current?.Metadata.Annotations is { } old ? new Dictionary<string, string>(old) : [];
        annotations[EndpointsDecision.TriggerTimeAnnotation] = trigger;
        annotations.Remove(OverCapacityAnnotation);
        if (truncated)
        {
            annotations[OverCapacityAnnotation] = "truncated";
        }

        var metadata = current?.Metadata
            ?? new V1ObjectMeta { Name = service.Metadata.Name, NamespaceProperty = service.Metadata.NamespaceProperty };
        return (current ?? new V1Endpoints { ApiVersion = "v1", Kind = "Endpoints" }) with
        {
            Metadata = metadata with { Labels = labels, Annotations = annotations },
            Subsets = kept.Count == 0 ? null : kept,
        };
    }

    internal static bool SameLabels(IDictionary<string, string>? left, Dictionary<string, string> right) =>
        (left?.Count ?? 0) == right.Count && right.All(label => left!.TryGetValue(label.Key, out var value) && value == label.Value);

    private static bool IsMarkedTruncated(V1Endpoints endpoints) =>
        endpoints.Metadata.Annotations?.TryGetValue(OverCapacityAnnotation, out var value) == true && value == "truncated";

    private static Dictionary<string, string> Labels(V1Service service)
    {
        var labels = new Dictionary<string, string>(service.Metadata.Labels ?? new Dictionary<string, string>());
        labels.Remove(EndpointsDecision.HeadlessLabel);
        labels[ManagedByLabel] = ManagedBy;
        if (EndpointsDecision.IsHeadless(service))
        {
            labels[EndpointsDecision.HeadlessLabel] = "";
        }

        return labels;
    }
}
