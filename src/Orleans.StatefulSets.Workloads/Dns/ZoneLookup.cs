using System.Net;
using k8s.Models;
using Orleans.StatefulSets.Workloads.Network;

namespace Orleans.StatefulSets.Workloads.Dns;

/// <summary>What the names of the cluster's zone stand for (CoreDNS' <c>plugin/kubernetes</c>: <c>parse.go</c>, <c>findServices</c>, <c>findPods</c>).</summary>
internal sealed class ZoneLookup(IServiceDirectory services)
{
    private const string ServiceZone = "svc";
    private const string PodZone = "pod";

    /// <summary>Looks a name up.</summary>
    /// <param name="name">What stands before the zone, in lower case; "" is the zone itself.</param>
    /// <returns>What it stands for; empty where there is such a name without data, null where there is no such name.</returns>
    public IReadOnlyList<ZoneEntry>? Find(string name)
    {
        if (name.Length == 0)
        {
            return [];
        }

        var labels = name.Split('.');
        if (labels[^1] is not (ServiceZone or PodZone) || labels.Contains(""))
        {
            return null;
        }

        if (labels.Length == 1)
        {
            return [];
        }

        var space = labels[^2];
        return !services.HasNamespace(space) ? null
            : labels.Length == 2 ? []
            : labels[^1] == PodZone ? FindPod(space, labels)
            : FindService(space, labels);
    }

    /// <summary>The full name of a Service.</summary>
    public static string NameOf(string space, string service) => $"{service}.{space}.{ServiceZone}.{ClusterZone.Domain}";

    // Kubeadm's CoreDNS does not ask whether there is such a pod (pods insecure): the name holds the answer.
    private static ZoneEntry[]? FindPod(string space, string[] labels) =>
        labels.Length <= 5 && Ipv4Address.TryParse(labels[^3], out var address, '-')
            ? [new ZoneEntry($"{labels[^3]}.{space}.{PodZone}.{ClusterZone.Domain}") { Address = address, Port = 0 }]
            : null;

    // service, endpoint.service or _port._protocol.service
    private List<ZoneEntry>? FindService(string space, string[] labels)
    {
        var name = labels[^3];
        if (labels.Length > 5 || services.Find(space, name) is not { } service)
        {
            return null;
        }

        var endpoint = labels.Length == 4 ? labels[0] : null;
        var (port, protocol) = labels.Length == 5 ? (Unmarked(labels[0]), Unmarked(labels[1])) : ("", "");
        var entries = new List<ZoneEntry>();
        if (service.Spec.Type == "ExternalName")
        {
            AddAlias(entries, service, endpoint);
        }
        else if (endpoint is not null)
        {
            AddEndpoints(entries, services.SlicesOf(space, name, endpoint), port, protocol, endpoint);
        }
        else if (service.Spec.ClusterIP == "None")
        {
            AddEndpoints(entries, services.SlicesOf(space, name), port, protocol, endpoint);
        }
        else
        {
            AddClusterAddress(entries, service, port, protocol);
        }

        return entries.Count == 0 ? null : entries;
    }

    // An alias has no endpoints; one that is an address is none.
    private static void AddAlias(List<ZoneEntry> entries, V1Service service, string? endpoint)
    {
        var alias = service.Spec.ExternalName?.TrimEnd('.') ?? "";
        if (endpoint is null && alias.Length > 0 && !IPAddress.TryParse(alias, out _))
        {
            entries.Add(new ZoneEntry(NameOf(service.Metadata.NamespaceProperty, service.Metadata.Name)) { Alias = alias });
        }
    }

    private static void AddEndpoints(List<ZoneEntry> entries, IReadOnlyList<ServiceSlice> slices, string port, string protocol, string? label)
    {
        foreach (var slice in slices)
        {
            var parent = NameOf(slice.Namespace, slice.Service);
            foreach (var endpoint in slice.Endpoints)
            {
                if (!endpoint.IsReady || (label is not null && !endpoint.Label.Equals(label, StringComparison.OrdinalIgnoreCase)))
                {
                    continue;
                }

                var entry = new ZoneEntry($"{endpoint.Label}.{parent}") { Address = endpoint.Address };
                AddPorts(entries, entry, slice.Ports.Select(candidate => (candidate.Name, candidate.Protocol, candidate.Port)), port, protocol);
            }
        }
    }

    private static void AddClusterAddress(List<ZoneEntry> entries, V1Service service, string port, string protocol)
    {
        if (Ipv4Address.TryParse(service.Spec.ClusterIP, out var address))
        {
            var entry = new ZoneEntry(NameOf(service.Metadata.NamespaceProperty, service.Metadata.Name)) { Address = address };
            AddPorts(entries, entry, (service.Spec.Ports ?? []).Select(candidate => (candidate.Name ?? "", candidate.Protocol ?? "TCP", (int?)candidate.Port)), port, protocol);
        }
    }

    // One entry a port that was asked for; without any ports the address alone.
    private static void AddPorts(List<ZoneEntry> entries, ZoneEntry entry, IEnumerable<(string Name, string Protocol, int? Number)> ports, string wanted, string protocol)
    {
        var any = false;
        foreach (var port in ports)
        {
            any = true;
            if (Matches(wanted, port.Name) && Matches(protocol, port.Protocol))
            {
                entries.Add(entry with { Port = port.Number });
            }
        }

        if (!any && wanted.Length == 0 && protocol.Length == 0)
        {
            entries.Add(entry);
        }
    }

    private static bool Matches(string wanted, string actual) => wanted.Length == 0 || wanted.Equals(actual, StringComparison.OrdinalIgnoreCase);

    private static string Unmarked(string label) => label.StartsWith('_') ? label[1..] : label;
}
