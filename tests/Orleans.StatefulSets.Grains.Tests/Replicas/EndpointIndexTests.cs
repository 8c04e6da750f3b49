using k8s.Models;
using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Tests.Objects;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Workloads.Network;

namespace Orleans.StatefulSets.Grains.Tests.Replicas;

public sealed class EndpointIndexTests
{
    private static readonly string[] Services = ["nginx", "db", "cart"];

    private readonly Replica replica = new(new JournalOptions(), _ => Task.FromResult(0L), TimeProvider.System);
    private readonly EndpointIndex index;
    private long version;

    public EndpointIndexTests()
    {
        index = new EndpointIndex(replica);
        replica.Load([], 0);
    }

    [Fact]
    public void An_endpoint_is_found_by_its_service_its_name_and_its_address()
    {
        Put(Slice("nginx-b", "nginx", ("10.244.0.3", "web-1")));
        Put(Slice("nginx-a", "nginx", ("10.244.0.2", "web-0"), ("10.244.0.4", null)));

        Assert.Equal(["nginx-a", "nginx-b"], Names(index.Of("default", "nginx")));
        Assert.Equal(["nginx-b"], Names(index.Of("default", "nginx", "WEB-1")));
        Assert.Equal(["nginx-a"], Names(index.With(Address("10.244.0.4"))));
        Assert.Empty(index.Of("other", "nginx"));
        Assert.Empty(index.Of("default", "db", "web-1"));
    }

    [Fact]
    public void What_moved_is_found_where_it_is_now_and_what_went_nowhere()
    {
        Put(Slice("nginx-a", "nginx", ("10.244.0.2", "web-0")));
        Put(Slice("nginx-a", "nginx", ("10.244.1.9", "web-0")));

        Assert.Empty(index.With(Address("10.244.0.2")));
        Assert.Equal("10.244.1.9", Assert.Single(Assert.Single(index.Of("default", "nginx", "web-0")).Endpoints).Address.ToString());

        Put(Slice("nginx-a", "nginx"), deleted: true);

        Assert.Empty(index.Of("default", "nginx"));
        Assert.Empty(index.Of("default", "nginx", "web-0"));
        Assert.Empty(index.With(Address("10.244.1.9")));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void After_any_changes_it_says_what_looking_at_all_slices_says(int seed)
    {
        var chance = new Random(seed);
        for (var step = 0; step < 400; step++)
        {
            var slice = AnySlice(chance);
            if (chance.Next(40) == 0)
            {
                replica.Load([.. replica.List(ResourceKinds.EndpointSlices.Resource, null).Where(_ => chance.Next(3) > 0)], ++version);
            }
            else if (chance.Next(4) > 0 || replica.Find(ResourceKinds.EndpointSlices.Key("default", slice.Metadata.Name)) is not null)
            {
                Put(slice, deleted: chance.Next(4) == 0);
            }

            Compare();
        }
    }

    private void Compare()
    {
        var all = replica.List(ResourceKinds.EndpointSlices.Resource, null).Select(item => ServiceSlice.Of(item.As<V1EndpointSlice>(), node => node)!).ToList();
        foreach (var service in Services)
        {
            Assert.Equal(Names(all.Where(slice => slice.Service == service)), Names(index.Of("default", service)));
            foreach (var hostname in (string[])["web-0", "web-1", "web-2"])
            {
                Assert.Equal(
                    Names(all.Where(slice => slice.Service == service && slice.Endpoints.Any(endpoint => endpoint.Hostname == hostname))),
                    Names(index.Of("default", service, hostname)).Order(StringComparer.Ordinal));
            }
        }

        for (var last = 0; last < 6; last++)
        {
            var address = Address($"10.244.0.{last}");
            Assert.Equal(Names(all.Where(slice => slice.Endpoints.Any(endpoint => endpoint.Address == address))), Names(index.With(address)).Order(StringComparer.Ordinal));
        }
    }

    private static V1EndpointSlice AnySlice(Random chance) => Slice(
        $"slice-{chance.Next(6)}",
        Services[chance.Next(Services.Length)],
        [.. Enumerable.Range(0, chance.Next(4)).Select(_ => ($"10.244.0.{chance.Next(6)}", chance.Next(3) == 0 ? null : $"web-{chance.Next(3)}"))]);

    private void Put(V1EndpointSlice slice, bool deleted = false) => replica.Apply(Samples.Slice(++version, new PublishedRevision(Samples.Stored(slice, version), deleted)));

    private static IEnumerable<string> Names(IEnumerable<ServiceSlice> slices) => [.. slices.Select(slice => slice.Name)];

    private static Ipv4Address Address(string text) => Ipv4Address.TryParse(text, out var address) ? address : throw new FormatException(text);

    private static V1EndpointSlice Slice(string name, string service, params (string Address, string? Hostname)[] endpoints) => new()
    {
        ApiVersion = "discovery.k8s.io/v1",
        Kind = "EndpointSlice",
        Metadata = new V1ObjectMeta
        {
            Name = name,
            NamespaceProperty = "default",
            Uid = $"uid-{name}",
            Labels = new Dictionary<string, string> { ["kubernetes.io/service-name"] = service },
        },
        AddressType = "IPv4",
        Endpoints = [.. endpoints.Select(endpoint => new V1Endpoint { Addresses = [endpoint.Address], Hostname = endpoint.Hostname })],
        Ports = [new Discoveryv1EndpointPort { Name = "web", Port = 80, Protocol = "TCP" }],
    };
}
