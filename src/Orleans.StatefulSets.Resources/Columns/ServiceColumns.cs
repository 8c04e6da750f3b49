using k8s.Models;

namespace Orleans.StatefulSets.Resources.Columns;

/// <summary>printService.</summary>
internal static class ServiceColumns
{
    private const string None = "<none>";

    public static readonly TableLayout Layout = Column.Layout<V1Service>(
        [
            Column.Name,
            Column.Text("Type", "type determines how the Service is exposed. Defaults to ClusterIP. Valid options are ExternalName, ClusterIP, NodePort, and LoadBalancer."),
            Column.Text("Cluster-IP", "clusterIP is the IP address of the service and is usually assigned randomly."),
            Column.Text("External-IP", "externalIPs is a list of IP addresses for which nodes in the cluster will also accept traffic for this service."),
            Column.Text("Port(s)", "The list of ports that are exposed by this service."),
            Column.Age,
            Column.Wide("Selector", "Route service traffic to pods with label keys and values matching this selector."),
        ],
        static (service, now) =>
        [
            service.Metadata.Name,
            service.Spec?.Type ?? "",
            OrNone(service.Spec?.ClusterIPs is { Count: > 0 } addresses ? addresses[0] : service.Spec?.ClusterIP),
            External(service),
            Ports(service.Spec?.Ports),
            HumanDuration.Since(service.Metadata.CreationTimestamp, now),
            Selector(service.Spec?.Selector),
        ]);

    private static string External(V1Service service)
    {
        var external = service.Spec?.ExternalIPs;
        switch (service.Spec?.Type)
        {
            case "ClusterIP" or "NodePort":
                return external is { Count: > 0 } ? string.Join(',', external) : None;
            case "LoadBalancer":
                var ingress = service.Status?.LoadBalancer?.Ingress?
                    .Select(point => string.IsNullOrEmpty(point.Ip) ? point.Hostname : point.Ip)
                    .Where(text => !string.IsNullOrEmpty(text)).Distinct().Order(StringComparer.Ordinal) ?? Enumerable.Empty<string>();
                var all = string.Join(',', ingress.Concat(external ?? []));
                return all.Length == 0 ? "<pending>" : all;
            case "ExternalName":
                return service.Spec.ExternalName ?? "";
            default:
                return "<unknown>";
        }
    }

    private static string Ports(IList<V1ServicePort>? ports) => ports is not { Count: > 0 }
        ? None
        : string.Join(',', ports.Select(port => port.NodePort > 0 ? $"{port.Port}:{port.NodePort}/{port.Protocol}" : $"{port.Port}/{port.Protocol}"));

    private static string Selector(IDictionary<string, string>? selector) => selector is not { Count: > 0 }
        ? None
        : string.Join(',', selector.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));

    private static string OrNone(string? text) => string.IsNullOrEmpty(text) ? None : text;
}
