using k8s.Models;
using Orleans.StatefulSets.Workloads.Dns;
using Orleans.StatefulSets.Workloads.Network;

namespace Orleans.StatefulSets.Workloads.Tests.Dns;

/// <summary>One test a sentence of Kubernetes' DNS-based service discovery (<c>docs/specification.md</c> of kubernetes/dns).</summary>
public sealed class SpecificationTests
{
    private const string Space = "shop.svc.cluster.local";

    // "All comparisons between query data and data in Kubernetes is case-insensitive."
    [Fact]
    public void Case_does_not_matter() => Assert.Equal(
        ["10.96.7.7"], Data(DnsType.A, "CART.Shop.Svc.Cluster.Local", Cart()));

    // "There must be a TXT record named dns-version.<zone>. that contains the semantic version of the DNS schema in use in this cluster."
    [Fact]
    public void The_zone_tells_its_schema()
    {
        var version = Assert.Single(Data(DnsType.TXT, "dns-version.cluster.local"));
        Assert.True(Version.TryParse(version, out _), version);
    }

    // "Given a Service named <service> in Namespace <ns> with ClusterIP <cluster-ip>, the following records must exist. <service>.<ns>.svc.<zone>. <ttl> IN A <cluster-ip>"
    [Fact]
    public void A_service_has_its_address() => Assert.Equal(["10.96.7.7"], Data(DnsType.A, $"cart.{Space}", Cart()));

    // "For each port in the Service with name <port> and number <port-number> using protocol <proto>, an SRV record of the following form must exist."
    [Theory]
    [InlineData("_http._tcp", "0 100 80 cart.shop.svc.cluster.local")]
    [InlineData("_sync._udp", "0 100 9000 cart.shop.svc.cluster.local")]
    public void Each_named_port_has_a_record(string port, string record) => Assert.Equal([record], Data(DnsType.SRV, $"{port}.cart.{Space}", Cart()));

    // "Unnamed ports do not have an SRV record."
    [Fact]
    public void An_unnamed_port_has_none()
    {
        var service = Service("cart", "10.96.7.7", new V1ServicePort { Port = 80, Protocol = "TCP" });

        Assert.False(Answer(DnsType.SRV, $"_80._tcp.cart.{Space}", service).Exists);
    }

    // "The Additional section of the response may include the Service A record referred to in the SRV record."
    [Fact]
    public void The_targets_address_comes_with_the_port() => Assert.Equal(
        [new DnsRecord($"cart.{Space}", DnsType.A, 30, "10.96.7.7")], Answer(DnsType.SRV, $"_http._tcp.cart.{Space}", Cart()).Additional);

    // "Given Service ClusterIP <a>.<b>.<c>.<d>, a PTR record of the following form must exist. <d>.<c>.<b>.<a>.in-addr.arpa. <ttl> IN PTR <service>.<ns>.svc.<zone>."
    [Fact]
    public void An_address_has_its_service() => Assert.Equal([$"cart.{Space}"], Data(DnsType.PTR, "7.7.96.10.in-addr.arpa", Cart()));

    // "There must be an A record for each ready endpoint of the headless Service with IP address <endpoint-ip> as shown below."
    [Fact]
    public void A_headless_service_has_the_addresses_of_what_is_ready() => Assert.Equal(
        ["10.244.0.2", "10.244.0.3"], Data(DnsType.A, $"pets.{Space}", [.. Pets(Endpoint("10.244.0.2"), Endpoint("10.244.0.3"), Endpoint("10.244.0.4", ready: false))]));

    // "If there are no ready endpoints for the headless Service, the answer should be NXDOMAIN."
    [Fact]
    public void Without_anything_ready_there_is_no_such_name()
    {
        Assert.False(Answer(DnsType.A, $"pets.{Space}", [.. Pets(Endpoint("10.244.0.4", ready: false))]).Exists);
        Assert.False(Answer(DnsType.A, $"pets.{Space}", [.. Pets()]).Exists);
    }

    // "There must also be an A record of the following form for each ready endpoint with hostname of <hostname> and IP address <endpoint-ip>."
    [Fact]
    public void A_pod_has_a_name_of_its_own() => Assert.Equal(
        ["10.244.0.3"], Data(DnsType.A, $"my-pet-2.pets.{Space}", [.. Pets(Endpoint("10.244.0.2", "my-pet"), Endpoint("10.244.0.3", "my-pet-2"))]));

    // "If there are multiple IP addresses for a given hostname, then there must be one such A record returned for each IP."
    [Fact]
    public void One_hostname_may_have_several_addresses() => Assert.Equal(
        ["10.244.0.2", "10.244.0.3"], Data(DnsType.A, $"my-pet.pets.{Space}", [.. Pets(Endpoint("10.244.0.2", "my-pet"), Endpoint("10.244.0.3", "my-pet"))]));

    // "This is used in the event no explicit endpoint hostname is defined": "a unique, system-assigned identifier for the endpoint", in CoreDNS its address with dashes.
    [Fact]
    public void An_endpoint_without_a_hostname_has_a_name_all_the_same() => Assert.Equal(
        ["10.244.0.2"], Data(DnsType.A, $"10-244-0-2.pets.{Space}", [.. Pets(Endpoint("10.244.0.2"))]));

    // "This implies that if there are N ready endpoints and the Service defines M named ports, there will be N × M SRV RRs for the Service."
    [Fact]
    public void A_headless_service_has_a_record_for_each_endpoint_and_port()
    {
        var records = Data(DnsType.SRV, $"pets.{Space}", [.. Pets(Endpoint("10.244.0.2", "a"), Endpoint("10.244.0.3", "b"), Endpoint("10.244.0.4", "c", ready: false))]);

        Assert.Equal(
            ["0 25 80 a.pets.shop.svc.cluster.local", "0 25 9000 a.pets.shop.svc.cluster.local", "0 25 80 b.pets.shop.svc.cluster.local", "0 25 9000 b.pets.shop.svc.cluster.local"],
            records);
    }

    // "The priority <priority> and weight <weight> are numbers as described in RFC 2782 and whose values are not prescribed by this specification": CoreDNS shares 100, at least 1 each.
    [Theory]
    [InlineData(1, 100)]
    [InlineData(3, 33)]
    [InlineData(101, 1)]
    public void The_weights_share_a_hundred(int endpoints, int weight)
    {
        var pets = Pets([.. Enumerable.Range(0, endpoints).Select(index => Endpoint($"10.244.0.{index}", $"pet-{index}"))]);

        Assert.All(Data(DnsType.SRV, $"_http._tcp.pets.{Space}", [.. pets]), record => Assert.StartsWith($"0 {weight} 80 ", record, StringComparison.Ordinal));
    }

    // "Given a ready endpoint with hostname of <hostname> and IP address <a>.<b>.<c>.<d>, a PTR record of the following form must exist. … IN PTR <hostname>.<service>.<ns>.svc.<zone>."
    [Fact]
    public void The_address_of_a_pod_has_its_name()
    {
        object[] pets = [.. Pets(Endpoint("10.244.0.2", "my-pet"), Endpoint("10.244.0.3", "late", ready: false))];

        Assert.Equal([$"my-pet.pets.{Space}"], Data(DnsType.PTR, "2.0.244.10.in-addr.arpa", pets));
        Assert.False(Answer(DnsType.PTR, "3.0.244.10.in-addr.arpa", pets).Exists);
    }

    // "Given a Service named <service> in Namespace <ns> with ExternalName <extname>, a CNAME record named <service>.<ns>.svc.<zone> pointing to <extname> must exist."
    [Fact]
    public void An_external_name_is_an_alias() => Assert.Equal(
        [new DnsRecord($"foo.{Space}", DnsType.CNAME, 30, "www.example.com")],
        Answer(DnsType.A, $"foo.{Space}", new V1Service { Metadata = Named("foo"), Spec = new V1ServiceSpec { Type = "ExternalName", ExternalName = "www.example.com" } }).Records);

    // "Kube-DNS versions prior to implementation of this specification also replied with an A record of the form below for any values of <a>, <b>, <c>, and <d> between 0 and 255"
    [Fact]
    public void The_address_of_a_pod_is_a_name() => Assert.Equal(["10.244.0.2"], Data(DnsType.A, "10-244-0-2.shop.pod.cluster.local", Cart()));

    private static DnsAnswer Answer(DnsType type, string name, params object[] objects) => new ClusterZone(new NamedServices(objects)).Answer(new DnsQuestion(name, type));

    private static IEnumerable<string> Data(DnsType type, string name, params object[] objects) => Answer(type, name, objects).Records.Select(record => record.Data);

    private static V1Service Cart() => Service("cart", "10.96.7.7", [.. Ports()]);

    private static IEnumerable<object> Pets(params V1Endpoint[] endpoints) =>
    [
        Service("pets", "None", [.. Ports()]),
        new V1EndpointSlice
        {
            Metadata = Named("pets-a") with { Labels = new Dictionary<string, string> { ["kubernetes.io/service-name"] = "pets" } },
            AddressType = "IPv4",
            Endpoints = endpoints,
            Ports = [.. Ports().Select(port => new Discoveryv1EndpointPort { Name = port.Name, Port = port.Port, Protocol = port.Protocol })],
        },
    ];

    private static V1Endpoint Endpoint(string address, string? hostname = null, bool ready = true) =>
        new() { Addresses = [address], Hostname = hostname, Conditions = new V1EndpointConditions { Ready = ready } };

    private static V1Service Service(string name, string address, params V1ServicePort[] ports) =>
        new() { Metadata = Named(name), Spec = new V1ServiceSpec { Type = "ClusterIP", ClusterIP = address, Ports = ports } };

    private static IEnumerable<V1ServicePort> Ports() =>
        [new V1ServicePort { Name = "http", Port = 80, Protocol = "TCP" }, new V1ServicePort { Name = "sync", Port = 9000, Protocol = "UDP" }];

    private static V1ObjectMeta Named(string name) => new() { Name = name, NamespaceProperty = "shop" };
}
