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
}
