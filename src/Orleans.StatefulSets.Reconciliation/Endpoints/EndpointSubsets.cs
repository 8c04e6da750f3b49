using System.Runtime.InteropServices;
using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Pods;

namespace Orleans.StatefulSets.Reconciliation.Endpoints;

/// <summary>Addresses gathered by the ports that they offer (<c>RepackSubsets</c> of <c>pkg/api/v1/endpoints</c>).</summary>
internal static class EndpointSubsets
{
    internal static List<V1EndpointSubset> Of(V1Service service, List<V1Pod> members)
    {
        var published = members.FindAll(pod => !PodReadiness.IsTerminating(pod) || ServiceMembership.PublishesNotReady(service));
        published.Sort(ByAddress);
        if (published.Count == 0)
        {
            return [];
        }

        if (service.Spec.Ports is not { Count: > 0 })
        {
            return EndpointsDecision.IsHeadless(service) ? [Subset(service, published, null)] : [];
        }

        return [.. PortsByMembers(service, published).Select(group => Subset(service, group.Members, group.Ports))];
    }

    /// <summary>Cuts to a number of addresses, ready ones first, each subset in proportion.</summary>
    internal static bool Truncate(List<V1EndpointSubset> subsets, int max, out List<V1EndpointSubset> kept)
    {
        kept = subsets;
        var ready = subsets.Sum(subset => subset.Addresses?.Count ?? 0);
        var notReady = subsets.Sum(subset => subset.NotReadyAddresses?.Count ?? 0);
        if (ready + notReady <= max)
        {
            return false;
        }

        var cutsReady = ready > max;
        var room = cutsReady ? max : max - ready;
        var total = cutsReady ? ready : notReady;
        var left = room;
        kept = [];
        foreach (var subset in subsets)
        {
            var addresses = (cutsReady ? subset.Addresses : subset.NotReadyAddresses) ?? [];
            var share = Math.Min(left, (int)Math.Ceiling((double)addresses.Count / total * room));
            IList<V1EndpointAddress>? cut = share == 0 ? null : [.. addresses.Take(share)];
            left -= Math.Min(share, addresses.Count);
            kept.Add(cutsReady ? subset with { Addresses = cut, NotReadyAddresses = null } : subset with { NotReadyAddresses = cut });
        }

        return true;
    }

    internal static bool Same(IList<V1EndpointSubset>? left, List<V1EndpointSubset> right)
    {
        if ((left?.Count ?? 0) != right.Count)
        {
            return false;
        }

        for (var i = 0; i < right.Count; i++)
        {
            if (!Same(left![i].Addresses, right[i].Addresses, SameAddress)
                || !Same(left[i].NotReadyAddresses, right[i].NotReadyAddresses, SameAddress)
                || !Same(left[i].Ports, right[i].Ports, (a, b) => a == b))
            {
                return false;
            }
        }

        return true;
    }

    private static int ByAddress(V1Pod left, V1Pod right)
    {
        var order = string.CompareOrdinal(left.Status.PodIP, right.Status.PodIP);
        return order != 0 ? order : string.CompareOrdinal(left.Metadata.Uid, right.Metadata.Uid);
    }

    private static List<(List<Corev1EndpointPort> Ports, List<V1Pod> Members)> PortsByMembers(V1Service service, List<V1Pod> pods)
    {
        var members = new Dictionary<ResolvedPort, List<V1Pod>>();
        var ofEveryPod = ServiceMembership.FixedPorts(service);
        foreach (var port in ofEveryPod ?? [])
        {
            members[port] = pods;
        }

        foreach (var pod in ofEveryPod is null ? pods : [])
        {
            foreach (var port in ServiceMembership.Ports(service, pod))
            {
                ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(members, port, out _);
                (list ??= []).Add(pod);
            }
        }

        // Ports that exactly the same pods offer share a subset.
        var groups = new List<(List<Corev1EndpointPort> Ports, List<V1Pod> Members)>();
        foreach (var (port, list) in members.OrderBy(entry => entry.Key.Name, StringComparer.Ordinal).ThenBy(entry => entry.Key.Port))
        {
            var model = new Corev1EndpointPort
            {
                Name = port.Name.Length == 0 ? null : port.Name,
                Port = port.Port,
                Protocol = port.Protocol,
                AppProtocol = port.AppProtocol,
            };
            var group = groups.FindIndex(known => ReferenceEquals(known.Members, list) || known.Members.SequenceEqual(list, ReferenceEqualityComparer.Instance));
            if (group < 0)
            {
                groups.Add(([model], list));
            }
            else
            {
                groups[group].Ports.Add(model);
            }
        }

        return groups;
    }

    private static V1EndpointSubset Subset(V1Service service, List<V1Pod> pods, List<Corev1EndpointPort>? ports)
    {
        var ready = new List<V1EndpointAddress>();
        var notReady = new List<V1EndpointAddress>();
        foreach (var pod in pods)
        {
            (ServiceMembership.PublishesNotReady(service) || PodReadiness.IsReady(pod) ? ready : notReady).Add(new V1EndpointAddress
            {
                Ip = pod.Status.PodIP,
                NodeName = pod.Spec.NodeName,
                Hostname = ServiceMembership.HasHostname(service, pod) ? pod.Spec.Hostname : null,
                TargetRef = ServiceMembership.Reference(pod),
            });
        }

        return new V1EndpointSubset
        {
            Addresses = ready.Count == 0 ? null : ready,
            NotReadyAddresses = notReady.Count == 0 ? null : notReady,
            Ports = ports,
        };
    }

    // The references are compared without resourceVersion, as upstream's endpointSubsetsEqualIgnoreResourceVersion.
    private static bool SameAddress(V1EndpointAddress left, V1EndpointAddress right) =>
        left.Ip == right.Ip && left.NodeName == right.NodeName && left.Hostname == right.Hostname
        && left.TargetRef?.Uid == right.TargetRef?.Uid && left.TargetRef?.Name == right.TargetRef?.Name;

    private static bool Same<T>(IList<T>? left, IList<T>? right, Func<T, T, bool> same)
    {
        if ((left?.Count ?? 0) != (right?.Count ?? 0))
        {
            return false;
        }

        for (var i = 0; i < (left?.Count ?? 0); i++)
        {
            if (!same(left![i], right![i]))
            {
                return false;
            }
        }

        return true;
    }
}
