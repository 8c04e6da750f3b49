using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Endpoints;

/// <summary>
/// Slices of at most 100 endpoints, changed as little as possible: an endpoint stays in the slice where it is, so that one pod's
/// news rewrites one slice (<c>reconcileByPortMapping</c> of the endpointslice reconciler).
/// </summary>
internal static class EndpointSlicePlanner
{
    internal const int MaxEndpoints = 100;
    internal const string ServiceNameLabel = "kubernetes.io/service-name";
    internal const string ManagedByLabel = "endpointslice.kubernetes.io/managed-by";
    internal const string ManagedBy = "endpointslice-controller.k8s.io";

    internal static EndpointsPlan Plan(
        V1Service service, List<V1Pod> members, IReadOnlyList<V1EndpointSlice> current, string trigger, Func<string, string?>? zoneOfNode)
    {
        var drafts = current.Where(IsManagedHere).Select(slice => new SliceDraft(slice)).ToList();
        var names = current.Select(slice => slice.Metadata.Name).ToHashSet(StringComparer.Ordinal);
        var rests = ByPorts(service, members).Select(group => KeepWanted(service, group.Ports, group.Pods, drafts, zoneOfNode)).ToList();

        // Only now is it known which slices nobody wants any more, and may serve for other ports.
        foreach (var rest in rests)
        {
            Place(rest, drafts);
        }

        KeepPlaceholder(drafts);
        return Write(service, drafts, names, trigger);
    }

    private static bool IsManagedHere(V1EndpointSlice slice) =>
        slice.AddressType == "IPv4" && slice.Metadata.Labels?.TryGetValue(ManagedByLabel, out var manager) == true && manager == ManagedBy
        && slice.Metadata.DeletionTimestamp is null;

    private static IEnumerable<(List<Discoveryv1EndpointPort> Ports, List<V1Pod> Pods)> ByPorts(V1Service service, List<V1Pod> members)
    {
        var groups = new List<(List<ResolvedPort> Ports, List<V1Pod> Pods)>();
        var ofEveryPod = ServiceMembership.FixedPorts(service);
        if (ofEveryPod is not null && members.Count > 0 && (ofEveryPod.Count > 0 || EndpointsDecision.IsHeadless(service)))
        {
            groups.Add((ofEveryPod, members));
        }

        foreach (var pod in ofEveryPod is null ? members : [])
        {
            var ports = ServiceMembership.Ports(service, pod);
            if (ports.Count == 0)
            {
                continue;
            }

            var group = groups.FindIndex(known => known.Ports.SequenceEqual(ports));
            if (group < 0)
            {
                groups.Add((ports, [pod]));
            }
            else
            {
                groups[group].Pods.Add(pod);
            }
        }

        return groups.Select(group => (group.Ports.Select(SliceEndpoints.Port).ToList(), group.Pods));
    }

    // What already stands in a slice of these ports stays there; the answer is what has no place yet.
    private static Rest KeepWanted(
        V1Service service, List<Discoveryv1EndpointPort> ports, List<V1Pod> pods, List<SliceDraft> drafts, Func<string, string?>? zoneOfNode)
    {
        var wanted = new Dictionary<string, V1Pod>(pods.Count, StringComparer.Ordinal);
        foreach (var pod in pods)
        {
            wanted[pod.Metadata.Uid] = pod;
        }

        var slices = drafts.Where(draft => SliceEndpoints.SamePorts(draft.Ports, ports)).ToList();
        slices.ForEach(draft => draft.Keep(wanted, (endpoint, pod) => SliceEndpoints.Renew(endpoint, service, pod, zoneOfNode)));
        var left = pods.Where(pod => wanted.Remove(pod.Metadata.Uid)).Select(pod => SliceEndpoints.Of(service, pod, zoneOfNode)).ToList();
        return new Rest(ports, left, slices);
    }

    // First the slices that change anyway, then the fullest one that has room for the whole rest, then new ones.
    private static void Place(Rest rest, List<SliceDraft> all)
    {
        var placed = 0;
        foreach (var draft in rest.Slices.Where(draft => draft.IsChanged))
        {
            placed += draft.Fill(rest.Left, placed);
        }

        while (placed < rest.Left.Count)
        {
            var count = Math.Min(rest.Left.Count - placed, MaxEndpoints);
            var target = rest.Slices.Where(draft => draft.Room >= count).MinBy(draft => draft.Room)
                ?? all.Find(draft => draft.IsToGo && !draft.IsClaimed)?.Recycle(rest.Ports);
            if (target is null)
            {
                target = SliceDraft.New(rest.Ports);
                all.Add(target);
            }

            placed += target.Fill(rest.Left, placed);
        }
    }

    // A Service without endpoints keeps one empty slice, so that clients can tell "none" from "not looked yet".
    private static void KeepPlaceholder(List<SliceDraft> drafts)
    {
        if (drafts.Any(draft => draft.Endpoints.Count > 0 && draft.IsClaimed))
        {
            return;
        }

        if (drafts.Count == 0)
        {
            drafts.Add(SliceDraft.New([]));
        }

        drafts[0].BecomePlaceholder();
    }

    private static EndpointsPlan Write(V1Service service, List<SliceDraft> drafts, HashSet<string> names, string trigger)
    {
        var labels = SliceObjects.Labels(service);
        var create = new List<V1EndpointSlice>();
        var update = new List<V1EndpointSlice>();
        var delete = new List<V1EndpointSlice>();
        foreach (var draft in drafts)
        {
            if (draft.Current is null)
            {
                create.Add(SliceObjects.New(service, draft, labels, names, trigger));
            }
            else if (draft.IsToGo)
            {
                delete.Add(draft.Current);
            }
            else if (draft.IsChanged || !EndpointsObjects.SameLabels(draft.Current.Metadata.Labels, labels))
            {
                update.Add(SliceObjects.Changed(draft.Current, draft, labels, trigger));
            }
        }

        return new EndpointsPlan { CreateSlices = create, UpdateSlices = update, DeleteSlices = delete };
    }

    private sealed record Rest(List<Discoveryv1EndpointPort> Ports, List<V1Endpoint> Left, List<SliceDraft> Slices);
}
