using k8s.Models;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Reconciliation.Endpoints;

/// <summary>
/// The endpoints of a Service, both as one Endpoints object and as EndpointSlices, by upstream's <c>pkg/controller/endpoint</c> and
/// <c>staging/src/k8s.io/endpointslice</c>. IPv4 only, as the cluster is.
/// </summary>
public static class EndpointsDecision
{
    internal const string TriggerTimeAnnotation = "endpoints.kubernetes.io/last-change-trigger-time";
    internal const string HeadlessLabel = "service.kubernetes.io/headless";

    /// <summary>What to write so that a Service's endpoints are those of its pods; an empty plan where they are already.</summary>
    /// <param name="service">The Service; one without a selector, of type ExternalName, or being deleted has nothing managed.</param>
    /// <param name="pods">Pods of its namespace; those that its selector doesn't match are left aside.</param>
    /// <param name="currentEndpoints">The Endpoints object of the Service's name, or null.</param>
    /// <param name="currentSlices">Slices with the Service's label; those that another controller manages are left alone.</param>
    /// <param name="now">The simulated time, for the annotation that tells when a change was seen.</param>
    /// <param name="zoneOfNode">The zone of a node by name; null or a null answer for none.</param>
    public static EndpointsPlan Decide(
        V1Service service,
        IEnumerable<V1Pod> pods,
        V1Endpoints? currentEndpoints,
        IReadOnlyList<V1EndpointSlice> currentSlices,
        DateTime now,
        Func<string, string?>? zoneOfNode = null)
    {
        if (!HasManagedEndpoints(service))
        {
            return EndpointsPlan.Nothing;
        }

        var members = pods.Where(pod => ServiceMembership.IsSelected(service, pod) && ServiceMembership.HasAddress(pod)).ToList();
        var trigger = TimeText.Seconds(now);
        var plan = EndpointSlicePlanner.Plan(service, members, currentSlices, trigger, zoneOfNode);
        var desired = EndpointsObjects.Desired(service, members, currentEndpoints, trigger);
        if (desired is null)
        {
            return plan;
        }

        return currentEndpoints is null ? plan with { CreateEndpoints = desired } : plan with { UpdateEndpoints = desired };
    }

    /// <summary>The Service has endpoints that follow its selector.</summary>
    public static bool HasManagedEndpoints(V1Service service) =>
        service.Spec?.Selector is { Count: > 0 } && service.Spec.Type != "ExternalName" && service.Metadata.DeletionTimestamp is null;

    internal static bool IsHeadless(V1Service service) => service.Spec.ClusterIP is "None" or "" or null;
}
