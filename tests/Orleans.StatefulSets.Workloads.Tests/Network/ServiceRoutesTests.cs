using System.Net;
using k8s.Models;
using Orleans.StatefulSets.Workloads.Network;
using Orleans.StatefulSets.Workloads.Tests.Dns;

namespace Orleans.StatefulSets.Workloads.Tests.Network;

/// <summary>What kube-proxy does with a connection (<c>pkg/proxy/topology.go</c>: <c>CategorizeEndpoints</c>).</summary>
public sealed class ServiceRoutesTests
{
    private const string ClusterIP = "10.96.7.7";

    [Fact]
    public void A_connection_goes_to_the_ready_endpoints_target_port()
    {
        var route = Find(Service(), Slice("a", 8080, Endpoint("10.244.0.2"), Endpoint("10.244.0.3", ready: false)), Slice("b", 9090, Endpoint("10.244.0.4")));

        Assert.Equal(["10.244.0.2:8080", "10.244.0.4:9090"], Texts(route));
    }

    [Fact]
    public void Another_address_is_no_services() =>
        Assert.Null(ServiceRoutes.Find(new NamedServices(Service()), Address("10.96.7.8"), 80, null));

    [Fact]
    public void A_service_without_endpoints_refuses() => Assert.Equal(ServiceVerdict.Reject, Find(Service(), Slice("a", 8080, Endpoint("10.244.0.3", ready: false)))!.Verdict);

    [Theory]
    [InlineData(81)]
    [InlineData(53)]
    public void A_port_that_the_service_does_not_have_over_TCP_answers_nothing(int port) =>
        Assert.Equal(ServiceVerdict.Drop, ServiceRoutes.Find(new NamedServices(Service(), Slice("a", 8080, Endpoint("10.244.0.2"))), Address(ClusterIP), port, null)!.Verdict);

    // "If there are no ready endpoints, we fall back to terminating endpoints that are serving."
    [Fact]
    public void Where_nobody_is_ready_who_goes_and_still_serves_stands_in()
    {
        var going = new V1Endpoint { Addresses = ["10.244.0.2"], Conditions = new V1EndpointConditions { Ready = false, Serving = true, Terminating = true } };

        Assert.Equal(["10.244.0.2:8080"], Texts(Find(Service(), Slice("a", 8080, going))));
        Assert.Equal(["10.244.0.3:8080"], Texts(Find(Service(), Slice("a", 8080, going, Endpoint("10.244.0.3")))));
    }

    [Theory]
    [InlineData("node-1", ServiceVerdict.Forward)]
    [InlineData("node-2", ServiceVerdict.Drop)]
    [InlineData(null, ServiceVerdict.Drop)]
    public void A_local_policy_stays_on_the_clients_node_and_drops_where_nobody_serves_there(string? node, ServiceVerdict verdict)
    {
        var local = Service();
        local.Spec.InternalTrafficPolicy = "Local";
        var route = ServiceRoutes.Find(new NamedServices(local, Slice("a", 8080, Endpoint("10.244.0.2", node: "node-1"), Endpoint("10.244.2.2", node: "node-3"))), Address(ClusterIP), 80, node)!;

        Assert.Equal(verdict, route.Verdict);
        Assert.Equal(verdict == ServiceVerdict.Forward ? ["10.244.0.2:8080"] : [], Texts(route));
    }

    [Fact]
    public void A_local_policy_without_any_endpoints_refuses()
    {
        var local = Service();
        local.Spec.InternalTrafficPolicy = "Local";

        Assert.Equal(ServiceVerdict.Reject, Find(local)!.Verdict);
    }

    [Fact]
    public void A_node_port_leads_to_the_same_endpoints()
    {
        var service = Service();
        service.Spec.Ports[0].NodePort = 30_080;
        var services = new NamedServices(service, Slice("a", 8080, Endpoint("10.244.0.2")));

        Assert.Equal(["10.244.0.2:8080"], Texts(ServiceRoutes.FindByNodePort(services, 30_080)));
        Assert.Null(ServiceRoutes.FindByNodePort(services, 30_081));
    }

    [Fact]
    public void Connections_spread_over_the_endpoints_and_can_be_repeated()
    {
        var route = Many(4);
        var chosen = Enumerable.Range(0, 4000).Select(number => route.Choose(7, (ulong)number, null)!.Value).ToList();

        Assert.All(chosen.CountBy(target => target), target => Assert.InRange(target.Value, 850, 1150));
        Assert.Equal(4, chosen.Distinct().Count());
        Assert.Equal(chosen[99], route.Choose(7, 99, null));
        Assert.NotEqual(chosen, [.. Enumerable.Range(0, 4000).Select(number => route.Choose(8, (ulong)number, null)!.Value)]);
    }

    [Fact]
    public void An_affine_client_stays_at_its_endpoint_and_only_the_clients_of_a_lost_one_move()
    {
        var before = Many(8) with { KeepsClient = true };
        var lost = before.Targets[3];
        var after = before with { Targets = [.. before.Targets.Where(target => target != lost)] };
        var clients = Enumerable.Range(0, 500).Select(index => IPAddress.Parse($"10.244.{index / 250}.{index % 250}")).ToList();

        foreach (var client in clients)
        {
            var first = before.Choose(7, 1, client);
            Assert.Equal(first, before.Choose(7, 2, client));
            Assert.True(first == lost ? after.Choose(7, 3, client) != lost : after.Choose(7, 3, client) == first);
        }

        Assert.Equal(8, clients.Select(client => before.Choose(7, 1, client)).Distinct().Count());
    }

    [Fact]
    public void Affinity_is_the_services() => Assert.Equal(
        (true, false),
        (Find(Service() with { Spec = Service().Spec with { SessionAffinity = "ClientIP" } }, Slice("a", 8080, Endpoint("10.244.0.2")))!.KeepsClient,
            Find(Service(), Slice("a", 8080, Endpoint("10.244.0.2")))!.KeepsClient));

    private static ServiceRoute Many(int count) => Find(Service(), Slice("a", 8080, [.. Enumerable.Range(0, count).Select(index => Endpoint($"10.244.0.{index}"))]))!;

    private static ServiceRoute? Find(params object[] objects) => ServiceRoutes.Find(new NamedServices(objects), Address(ClusterIP), 80, "node-9");

    private static IEnumerable<string> Texts(ServiceRoute? route) => route!.Targets.Select(target => $"{target.Address}:{target.Port}");

    private static Ipv4Address Address(string text) => Ipv4Address.Of(IPAddress.Parse(text))!.Value;

    private static V1Service Service() => new()
    {
        Metadata = new V1ObjectMeta { Name = "cart", NamespaceProperty = "shop" },
        Spec = new V1ServiceSpec
        {
            Type = "ClusterIP",
            ClusterIP = ClusterIP,
            Ports = [new V1ServicePort { Name = "http", Port = 80, Protocol = "TCP", TargetPort = "web" }, new V1ServicePort { Name = "names", Port = 53, Protocol = "UDP" }],
        },
    };

    private static V1EndpointSlice Slice(string name, int port, params V1Endpoint[] endpoints) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "shop", Labels = new Dictionary<string, string> { ["kubernetes.io/service-name"] = "cart" } },
        AddressType = "IPv4",
        Endpoints = endpoints,
        Ports = [new Discoveryv1EndpointPort { Name = "names", Port = 53, Protocol = "UDP" }, new Discoveryv1EndpointPort { Name = "http", Port = port, Protocol = "TCP" }],
    };

    private static V1Endpoint Endpoint(string address, bool ready = true, string? node = null) =>
        new() { Addresses = [address], NodeName = node, Conditions = new V1EndpointConditions { Ready = ready, Serving = ready, Terminating = false } };
}
