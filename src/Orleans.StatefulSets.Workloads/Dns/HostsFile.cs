using System.Text;
using k8s.Models;

namespace Orleans.StatefulSets.Workloads.Dns;

/// <summary>A pod's /etc/hosts as the kubelet writes it (<c>managedHostsFileContent</c>, <c>nodeHostsFileContent</c>).</summary>
public static class HostsFile
{
    private const string Header = "# Kubernetes-managed hosts file.\n";
    private const string HostNetworkHeader = "# Kubernetes-managed hosts file (host network).\n";

    private const string OfEveryPod =
        "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n";

    /// <summary>The file of a pod.</summary>
    /// <param name="pod">The pod; its addresses are those of its status.</param>
    /// <param name="address">The pod's address where its status does not tell it yet.</param>
    public static string Of(V1Pod pod, string? address = null)
    {
        var text = new StringBuilder();
        if (pod.Spec.HostNetwork == true)
        {
            text.Append(HostNetworkHeader).Append(OfNode(pod.Spec.NodeName));
        }
        else
        {
            var (hostname, domain) = PodHostname.Of(pod);
            var names = domain.Length > 0 ? $"{hostname}.{domain}\t{hostname}" : hostname;
            text.Append(Header).Append(OfEveryPod);
            foreach (var own in AddressesOf(pod, address))
            {
                text.Append(own).Append('\t').Append(names).Append('\n');
            }
        }

        AppendAliases(text, pod.Spec.HostAliases);
        return text.ToString();
    }

    // What Debian's installer leaves on a machine.
    private static string OfNode(string? node) => $"127.0.0.1\tlocalhost\n127.0.1.1\t{node}\n";

    private static IEnumerable<string> AddressesOf(V1Pod pod, string? address) =>
        pod.Status?.PodIPs is { Count: > 0 } several ? several.Select(own => own.Ip)
        : !string.IsNullOrEmpty(pod.Status?.PodIP) ? [pod.Status.PodIP]
        : address is null ? [] : [address];

    private static void AppendAliases(StringBuilder text, IList<V1HostAlias>? aliases)
    {
        if (aliases is not { Count: > 0 })
        {
            return;
        }

        text.Append("\n# Entries added by HostAliases.\n");
        foreach (var alias in aliases)
        {
            text.Append(alias.Ip).Append('\t').AppendJoin('\t', alias.Hostnames ?? []).Append('\n');
        }
    }
}
