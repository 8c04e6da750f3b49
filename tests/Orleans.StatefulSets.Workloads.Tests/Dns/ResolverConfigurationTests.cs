using k8s.Models;
using Orleans.StatefulSets.Workloads.Dns;

namespace Orleans.StatefulSets.Workloads.Tests.Dns;

/// <summary>/etc/resolv.conf by <c>pkg/kubelet/network/dns/dns.go</c>.</summary>
public sealed class ResolverConfigurationTests
{
    private const string OfCluster = "search shop.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n";
    private const string OfNode = "nameserver 192.168.49.1\n";

    // "For a pod with DNSClusterFirst policy, the cluster DNS server is the only nameserver configured for the pod."
    // "case v1.DNSClusterFirst: if !kubecontainer.IsHostNetworkPod(pod) … Fallback to DNSDefault for pod on hostnetwork."
    [Theory]
    [InlineData("ClusterFirst", false, OfCluster)]
    [InlineData(null, false, OfCluster)]
    [InlineData("ClusterFirst", true, OfNode)]
    [InlineData("ClusterFirstWithHostNet", true, OfCluster)]
    [InlineData("Default", false, OfNode)]
    [InlineData("None", false, "")]
    public void A_policy_says_whom_to_ask(string? policy, bool hostNetwork, string text)
    {
        var settings = ResolverConfiguration.Of(Pod(policy, hostNetwork: hostNetwork), "10.96.0.10");

        Assert.Equal(text, settings.ToText());
        Assert.Equal(text == OfCluster, settings.Asks("10.96.0.10"));
    }

    // "appendDNSConfig appends DNS servers, search paths and options given by PodDNSConfig to the existing DNS config. Duplicated entries will be merged."
    [Fact]
    public void What_the_pod_says_is_appended_and_merged() => Assert.Equal(
        "search shop.svc.cluster.local svc.cluster.local cluster.local my.dns.search.suffix\nnameserver 10.96.0.10\nnameserver 192.0.2.1\noptions ndots:2 edns0\n",
        Text("ClusterFirst", new V1PodDNSConfig
        {
            Nameservers = ["192.0.2.1", "10.96.0.10"],
            Searches = ["my.dns.search.suffix", "svc.cluster.local"],
            Options = [new V1PodDNSConfigOption { Name = "ndots", Value = "2" }, new V1PodDNSConfigOption { Name = "edns0" }],
        }));

    // "DNSNone should use empty DNS settings as the base."
    [Fact]
    public void With_None_there_is_what_the_pod_says_only() => Assert.Equal(
        "search a.example\nnameserver 192.0.2.1\noptions timeout:3\n",
        Text("None", new V1PodDNSConfig { Nameservers = ["192.0.2.1"], Searches = ["a.example"], Options = [new V1PodDNSConfigOption { Name = "timeout", Value = "3" }] }));

    // validation.MaxDNSNameservers = 3: "Nameserver limits were exceeded, some nameservers have been omitted"
    [Fact]
    public void At_most_three_servers_are_asked() => Assert.Equal(
        ["10.96.0.10", "192.0.2.1", "192.0.2.2"], Of("ClusterFirst", new V1PodDNSConfig { Nameservers = ["192.0.2.1", "192.0.2.2", "192.0.2.3"] }).Servers);

    // validation.MaxDNSSearchPaths = 32, MaxDNSSearchListChars = 2048: "Search Line limits were exceeded, some search paths have been omitted"
    [Fact]
    public void The_search_list_is_cut_by_number_and_by_length()
    {
        Assert.Equal(32, Of("ClusterFirst", new V1PodDNSConfig { Searches = [.. Enumerable.Range(0, 40).Select(index => $"d{index}.example")] }).Searches.Count);

        var longOnes = Of("None", new V1PodDNSConfig { Searches = [.. Enumerable.Range(10, 20).Select(index => new string('a', 198) + index)] }).Searches;

        // Ten of 200 letters, nine spaces between: 2,009; with the next one 2,210.
        Assert.Equal(10, longOnes.Count);
    }

    // "there is a search path exceeding 255 characters. We have to filter them out." (utilvalidation.DNS1123SubdomainMaxLength = 253)
    [Fact]
    public void A_domain_that_is_too_long_is_left_out() => Assert.Equal(
        ["a.example"], Of("None", new V1PodDNSConfig { Searches = [new string('a', 254), "a.example"] }).Searches);

    private static string Text(string policy, V1PodDNSConfig config) => Of(policy, config).ToText();

    private static ResolverConfiguration Of(string policy, V1PodDNSConfig config) => ResolverConfiguration.Of(Pod(policy, config), "10.96.0.10");

    private static V1Pod Pod(string? policy, V1PodDNSConfig? config = null, bool hostNetwork = false) => new()
    {
        Metadata = new V1ObjectMeta { Name = "web-0", NamespaceProperty = "shop" },
        Spec = new V1PodSpec { DnsPolicy = policy, DnsConfig = config, HostNetwork = hostNetwork ? true : null },
    };
}
