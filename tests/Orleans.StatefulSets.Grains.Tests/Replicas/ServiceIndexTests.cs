using k8s.Models;
using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Tests.Objects;
using Orleans.StatefulSets.Workloads.Network;

namespace Orleans.StatefulSets.Grains.Tests.Replicas;

public sealed class ServiceIndexTests
{
    private readonly Replica replica = new(new JournalOptions(), _ => Task.FromResult(0L), TimeProvider.System);
    private readonly ServiceIndex index;
    private long version;

    public ServiceIndexTests()
    {
        index = new ServiceIndex(replica);
        replica.Load([], 0);
    }

    [Fact]
    public void A_service_is_found_by_its_address_and_by_its_node_ports()
    {
        Put(Service("a", "10.96.1.1", 30_001));
        Put(Service("b", "None", null));

        Assert.Equal(("a", "a", null), (At("10.96.1.1"), AtPort(30_001), AtPort(30_002)));
    }

    [Fact]
    public void What_it_gave_up_is_the_next_ones()
    {
        Put(Service("a", "10.96.1.1", 30_001));
        Put(Service("a", "", 30_002));
        Assert.Equal((null, null, "a"), (At("10.96.1.1"), AtPort(30_001), AtPort(30_002)));

        Put(Service("b", "10.96.1.1", 30_001));
        Put(Service("a", "10.96.1.1", 30_001), deleted: true);
        Assert.Equal(("b", "b", null), (At("10.96.1.1"), AtPort(30_001), AtPort(30_002)));
    }

    [Fact]
    public void A_port_of_UDP_is_no_port_of_TCP()
    {
        var service = Service("a", "10.96.1.1", 30_001);
        service.Spec.Ports[0].Protocol = "UDP";
        Put(service);

        Assert.Null(AtPort(30_001));
    }

    private string? At(string address) => Ipv4Address.TryParse(address, out var parsed) ? index.WithAddress(parsed)?.Metadata.Name : throw new FormatException(address);

    private string? AtPort(int port) => index.WithNodePort(port)?.Metadata.Name;

    private void Put(V1Service service, bool deleted = false) => replica.Apply(Samples.Slice(++version, new PublishedRevision(Samples.Stored(service, version), deleted)));

    private static V1Service Service(string name, string address, int? nodePort) => new()
    {
        ApiVersion = "v1",
        Kind = "Service",
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default", Uid = $"uid-{name}" },
        Spec = new V1ServiceSpec { Type = "NodePort", ClusterIP = address, Ports = [new V1ServicePort { Port = 80, Protocol = "TCP", NodePort = nodePort }] },
    };
}
