using k8s.Models;

namespace Orleans.StatefulSets.Resources.Columns;

/// <summary>printNode.</summary>
internal static class NodeColumns
{
    private const string None = "<none>";
    private const string Unknown = "<unknown>";
    private const string RolePrefix = "node-role.kubernetes.io/";
    private const string RoleLabel = "kubernetes.io/role";

    public static readonly TableLayout Layout = Column.Layout<V1Node>(
        [
            Column.Name,
            Column.Text("Status", "The status of the node"),
            Column.Text("Roles", "The roles of the node"),
            Column.Age,
            Column.Text("Version", "Kubelet Version reported by the node."),
            Column.Wide("Internal-IP", "List of addresses reachable to the node."),
            Column.Wide("External-IP", "List of addresses reachable to the node."),
            Column.Wide("OS-Image", "OS Image reported by the node from /etc/os-release (e.g. Debian GNU/Linux 7 (wheezy))."),
            Column.Wide("Kernel-Version", "Kernel Version reported by the node from 'uname -r' (e.g. 3.16.0-0.bpo.4-amd64)."),
            Column.Wide("Container-Runtime", "ContainerRuntime Version reported by the node through runtime remote API (e.g. containerd://1.4.2)."),
        ],
        static (node, now) =>
        [
            node.Metadata.Name,
            Status(node),
            Roles(node.Metadata.Labels),
            HumanDuration.Since(node.Metadata.CreationTimestamp, now),
            node.Status?.NodeInfo?.KubeletVersion ?? "",
            Address(node, "InternalIP"),
            Address(node, "ExternalIP"),
            Or(node.Status?.NodeInfo?.OsImage, Unknown),
            Or(node.Status?.NodeInfo?.KernelVersion, Unknown),
            Or(node.Status?.NodeInfo?.ContainerRuntimeVersion, Unknown),
        ]);

    private static string Status(V1Node node)
    {
        var ready = node.Status?.Conditions?.FirstOrDefault(condition => condition.Type == "Ready");
        var text = ready is null ? "Unknown" : ready.Status == "True" ? "Ready" : "NotReady";
        return node.Spec?.Unschedulable == true ? text + ",SchedulingDisabled" : text;
    }

    private static string Roles(IDictionary<string, string>? labels)
    {
        var roles = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (key, value) in labels ?? new Dictionary<string, string>())
        {
            if (key.StartsWith(RolePrefix, StringComparison.Ordinal) && key.Length > RolePrefix.Length)
            {
                roles.Add(key[RolePrefix.Length..]);
            }
            else if (key == RoleLabel && !string.IsNullOrEmpty(value))
            {
                roles.Add(value);
            }
        }

        return roles.Count == 0 ? None : string.Join(',', roles);
    }

    private static string Address(V1Node node, string type) =>
        node.Status?.Addresses?.FirstOrDefault(address => address.Type == type)?.Address ?? None;

    private static string Or(string? text, string otherwise) => string.IsNullOrEmpty(text) ? otherwise : text;
}
