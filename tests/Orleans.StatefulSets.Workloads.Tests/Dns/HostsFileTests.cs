using k8s.Models;
using Orleans.StatefulSets.Workloads.Dns;

namespace Orleans.StatefulSets.Workloads.Tests.Dns;

/// <summary>/etc/hosts by <c>pkg/kubelet/kubelet_pods.go</c> (its own <c>TestManagedHostsFileContent</c> has these texts).</summary>
public sealed class HostsFileTests
{
    private const string Head =
        """
        # Kubernetes-managed hosts file.
        127.0.0.1	localhost
        ::1	localhost ip6-localhost ip6-loopback
        fe00::0	ip6-localnet
        fe00::0	ip6-mcastprefix
        fe00::1	ip6-allnodes
        fe00::2	ip6-allrouters

        """;

    [Fact]
    public void A_pod_finds_itself_by_its_host_name() => Assert.Equal(Head + "10.244.0.5\tdns-test\n", HostsFile.Of(Pod("dns-test")));

    // "hostIP, hostName, hostDomainName, hostName"
    [Fact]
    public void A_pod_of_a_set_finds_itself_by_its_full_name_too() => Assert.Equal(
        Head + "10.244.0.5\tweb-0.nginx.default.svc.cluster.local\tweb-0\n", HostsFile.Of(Pod("web-0", subdomain: "nginx")));

    // "Entries added by HostAliases": "for each IP, write all aliases onto single line in hosts file"
    [Fact]
    public void Aliases_stand_at_the_end() => Assert.Equal(
        Head + "10.244.0.5\tdns-test\n\n# Entries added by HostAliases.\n123.45.67.89\tfoo\tbar\tbaz\n456.78.90.123\tpark\n",
        HostsFile.Of(Pod("dns-test", new V1HostAlias { Ip = "123.45.67.89", Hostnames = ["foo", "bar", "baz"] }, new V1HostAlias { Ip = "456.78.90.123", Hostnames = ["park"] })));

    [Fact]
    public void With_the_nodes_network_it_is_the_nodes_file()
    {
        var pod = Pod("agent", new V1HostAlias { Ip = "192.0.2.1", Hostnames = ["foo"] });
        pod = pod with { Spec = pod.Spec with { HostNetwork = true, NodeName = "node-1" } };

        Assert.Equal(
            "# Kubernetes-managed hosts file (host network).\n127.0.0.1\tlocalhost\n127.0.1.1\tnode-1\n\n# Entries added by HostAliases.\n192.0.2.1\tfoo\n", HostsFile.Of(pod));
    }

    [Fact]
    public void An_address_that_the_status_does_not_tell_yet_can_be_given() => Assert.Equal(
        Head + "10.244.0.7\tnew\n", HostsFile.Of(Pod("new") with { Status = new V1PodStatus() }, "10.244.0.7"));

    private static V1Pod Pod(string name, params V1HostAlias[] aliases) => Pod(name, null, aliases);

    private static V1Pod Pod(string name, string? subdomain, params V1HostAlias[] aliases) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default" },
        Spec = new V1PodSpec { Hostname = subdomain is null ? null : name, Subdomain = subdomain, HostAliases = aliases },
        Status = new V1PodStatus { PodIP = "10.244.0.5", PodIPs = [new V1PodIP { Ip = "10.244.0.5" }] },
    };
}
