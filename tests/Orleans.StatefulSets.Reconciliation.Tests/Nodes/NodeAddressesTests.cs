using System.Net;
using Orleans.StatefulSets.Reconciliation.Nodes;

namespace Orleans.StatefulSets.Reconciliation.Tests.Nodes;

public class NodeAddressesTests
{
    [Fact]
    public void Every_node_has_an_address_of_its_own()
    {
        var addresses = Enumerable.Range(0, NodeAddresses.MaxNodes).Select(NodeAddresses.InternalIP).ToHashSet();

        Assert.Equal(NodeAddresses.MaxNodes, addresses.Count);
        Assert.All(addresses.Take(70_000), address => Assert.DoesNotMatch(@"\.(0|255)$", address));
        Assert.Equal("192.168.49.2", NodeAddresses.InternalIP(0));
    }

    [Fact]
    public void The_first_256_nodes_share_10_244_and_the_next_begin_elsewhere()
    {
        Assert.Equal("10.244.0.0/24", NodeAddresses.PodCidr(0));
        Assert.Equal("10.244.255.0/24", NodeAddresses.PodCidr(255));
        Assert.Equal("10.0.0.0/24", NodeAddresses.PodCidr(256));
    }

    [Theory]
    [InlineData(110, 10_000)]
    [InlineData(500, 10_000)]
    [InlineData(5_000, 1_000)]
    public void Ranges_never_overlap_one_another_nor_the_services(int podsPerNode, int nodes)
    {
        var services = IPNetwork.Parse("10.96.0.0/12");
        var seen = new HashSet<string>();
        for (var index = 0; index < nodes; index++)
        {
            var cidr = NodeAddresses.PodCidr(index, podsPerNode);
            Assert.True(seen.Add(cidr));
            Assert.False(services.Contains(IPNetwork.Parse(cidr).BaseAddress), cidr);
            Assert.True(NodeAddresses.Capacity(cidr) >= podsPerNode);
        }
    }

    [Fact]
    public void A_freed_address_comes_back_only_after_all_the_others()
    {
        const string Cidr = "10.244.3.0/24";
        var used = new HashSet<string>();
        var given = new List<string>();
        string? last = null;
        for (var i = 0; i < NodeAddresses.Capacity(Cidr); i++)
        {
            last = NodeAddresses.Allocate(Cidr, used, last);
            given.Add(last!);
        }

        Assert.Equal(("10.244.3.2", "10.244.3.254"), (given[0], given[^1]));
        Assert.Equal(given.Count, given.Distinct().Count());
        Assert.Equal("10.244.3.2", NodeAddresses.Allocate(Cidr, used, last));
    }

    [Fact]
    public void Used_addresses_are_passed_over_and_a_full_range_has_none()
    {
        const string Cidr = "10.244.3.0/24";
        Assert.Equal("10.244.3.4", NodeAddresses.Allocate(Cidr, new HashSet<string> { "10.244.3.2", "10.244.3.3" }, last: null));
        var all = Enumerable.Range(2, 253).Select(host => $"10.244.3.{host}").ToHashSet();
        Assert.Null(NodeAddresses.Allocate(Cidr, all, last: "10.244.3.9"));
    }

    [Theory]
    [InlineData("10.244.0.2", true)]
    [InlineData("10.96.0.1", true)]
    [InlineData("192.168.49.2", true)]
    [InlineData("192.0.2.1", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("11.0.0.1", false)]
    public void The_clusters_ranges_are_those_of_pods_services_and_machines(string address, bool covered) =>
        Assert.Equal(covered, NodeAddresses.Covers(IPAddress.Parse(address)));

    [Theory]
    [InlineData("10.96.0.10", true)]
    [InlineData("10.111.255.254", true)]
    [InlineData("10.0.0.10", true)]
    [InlineData("10.96.0.0", false)]
    [InlineData("10.111.255.255", false)]
    [InlineData("192.168.49.9", false)]
    public void A_service_may_not_ask_for_the_ends_of_its_range_nor_for_a_machines_address(string address, bool may) =>
        Assert.Equal(may, NodeAddresses.MayBeService(IPAddress.Parse(address)));

    [Theory]
    [InlineData("10.244.2.9", 3, 110, true)]
    [InlineData("10.244.3.9", 3, 110, false)]
    [InlineData("10.0.0.10", 256, 110, false)]
    [InlineData("10.0.0.10", 257, 110, true)]
    [InlineData("10.0.0.10", 129, 500, true)]
    [InlineData("10.96.0.10", 10_000, 110, false)]
    public void An_address_is_of_a_nodes_pods_by_how_many_nodes_there_are(string address, int nodes, int podsPerNode, bool isOfPods) =>
        Assert.Equal(isOfPods, NodeAddresses.IsOfPods(IPAddress.Parse(address), nodes, podsPerNode));
}
