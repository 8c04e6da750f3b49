using System.Net;
using k8s.Models;
using Orleans.StatefulSets.Grains.Cluster;
using Orleans.StatefulSets.Grains.Network;
using Orleans.StatefulSets.Grains.Tests.Clusters;
using Orleans.StatefulSets.Grains.Time;
using Orleans.StatefulSets.Reconciliation.Nodes;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Writing;
using Orleans.StatefulSets.Workloads.Network;

namespace Orleans.StatefulSets.Grains.Tests.Network;

/// <summary>Names and connections in a cluster whose pods come, go and lose their readiness.</summary>
public sealed class ClusterNetworkTests
{
    private const string Gate = "example.com/open";
    private const string Service = "web.default.svc.cluster.local";

    private static readonly ConnectionOrigin Somebody = new(IPAddress.Parse("10.244.9.9"), "node-1");

    [Fact]
    public async Task Every_silo_knows_kube_dns_and_the_pods_of_a_set_by_name()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        await cluster.CreateAsync(Headless("web"));
        await cluster.CreateAsync(Sets.New("web", 3, "Parallel"));
        await UntilNamedAsync(cluster, Service, 3);

        for (var silo = 0; silo < cluster.Silos.Count; silo++)
        {
            await cluster.Replica(silo).WaitForHeadAsync(CancellationToken.None);
            var network = cluster.Service<IClusterNetwork>(silo);
            Assert.Equal("10.96.0.10", network.DnsAddress);
            Assert.Equal(["10.96.0.10"], Data(network, "kube-dns.kube-system.svc.cluster.local"));
            Assert.Equal(["kube-dns.kube-system.svc.cluster.local"], Data(network, "10.0.96.10.in-addr.arpa", DnsType.PTR));
            foreach (var pod in Sets.Pods(cluster.Replica(silo), "web"))
            {
                Assert.Equal([pod.Status.PodIP], Data(network, $"{pod.Metadata.Name}.{Service}"));
                Assert.Equal([$"{pod.Metadata.Name}.{Service}"], Data(network, NameResolver.ReverseName(IPAddress.Parse(pod.Status.PodIP)), DnsType.PTR));
                var end = network.Find(new IPEndPoint(IPAddress.Parse(pod.Status.PodIP), 80), Somebody);
                Assert.Equal((ConnectionOutcome.Pod, pod.Metadata.Uid, pod.Spec.NodeName), (end.Outcome, end.Uid, end.Node));
            }
        }
    }

    [Fact]
    public async Task A_pod_that_comes_again_has_the_same_name_and_another_address()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        await cluster.CreateAsync(Headless("web"));
        await cluster.CreateAsync(Sets.New("web", 1));
        var network = cluster.Service<IClusterNetwork>(0);
        await UntilNamedAsync(cluster, $"web-0.{Service}", 1);
        var before = Data(network, $"web-0.{Service}").Single();

        await cluster.DeleteAsync(ResourceKinds.Pods.Key("default", "web-0"));

        await cluster.UntilAsync("another address", _ => Data(network, $"web-0.{Service}") is [var now] && now != before, sweeping: true);
        var after = Data(network, $"web-0.{Service}").Single();
        Assert.False(network.Query(new DnsQuestion(NameResolver.ReverseName(IPAddress.Parse(before)), DnsType.PTR)).Exists);
        Assert.Equal(ConnectionOutcome.NoAnswer, Find(network, before, 80).Outcome);
        Assert.Equal(ResourceKinds.Pods.Key("default", "web-0"), Find(network, after, 80).Pod);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_pod_that_is_not_ready_has_a_name_only_where_the_service_publishes_it(bool publishes)
    {
        await using var cluster = await TestCluster.StartAsync(1);
        await cluster.CreateAsync(Headless("web", publishes));
        await cluster.CreateAsync(Address("front"));
        var set = Sets.New("web", 1);
        set.Spec.Template.Spec.ReadinessGates = [new V1PodReadinessGate { ConditionType = Gate }];
        await cluster.CreateAsync(set);
        var network = cluster.Service<IClusterNetwork>(0);
        await cluster.UntilAsync("a pod with an address", replica => Sets.Pods(replica, "web") is [{ Status.PodIP: not null }], sweeping: true);
        await UntilNamedAsync(cluster, $"web-0.{Service}", publishes ? 1 : 0);

        await OpenAsync(cluster, "True");
        await UntilNamedAsync(cluster, $"web-0.{Service}", 1);
        await cluster.UntilAsync("the Service forwards", _ => FindService(cluster, network).Outcome == ConnectionOutcome.Pod, sweeping: true);
        Assert.Equal((80, "web-0"), (FindService(cluster, network).At!.Port, FindService(cluster, network).Pod.Name));

        await OpenAsync(cluster, "False");
        await cluster.UntilAsync("the Service refuses", _ => FindService(cluster, network).Outcome == ConnectionOutcome.Refused, sweeping: true);
        await UntilNamedAsync(cluster, Service, publishes ? 1 : 0);
        Assert.Equal(publishes, network.Query(new DnsQuestion($"web-0.{Service}", DnsType.A)).Exists);

        // Its address is its own, whatever the Services say.
        Assert.Equal(ConnectionOutcome.Pod, Find(network, Sets.Pods(cluster.Replica(), "web")[0].Status.PodIP, 80).Outcome);
    }

    [Fact]
    public async Task On_a_machine_that_is_off_nothing_answers()
    {
        var clock = new ManualClock(new DateTime(2025, 6, 1, 12, 0, 0, DateTimeKind.Utc));
        await using var cluster = await TestCluster.StartAsync(1, clock);
        await cluster.CreateAsync(Sets.New("web", 1));
        await cluster.UntilAsync("a ready pod", replica => Sets.AreReady(replica, "web", 1), sweeping: true);
        var network = cluster.Service<IClusterNetwork>(0);
        var pod = Sets.Pods(cluster.Replica(), "web")[0];
        var (address, machine) = (IPAddress.Parse(pod.Status.PodIP), IPAddress.Parse(pod.Status.HostIP));
        Assert.Equal((true, true), (network.Answers(address), network.Answers(machine)));
        Assert.Equal((ConnectionOutcome.Pod, ConnectionOutcome.Refused), (Find(network, pod.Status.PodIP, 80).Outcome, Find(network, pod.Status.HostIP, 80).Outcome));

        await PatchAsync(cluster, ResourceKinds.Nodes.Key("", pod.Spec.NodeName), $"{{\"metadata\":{{\"annotations\":{{\"{NodePower.Switch}\":\"off\"}}}}}}");
        await cluster.Replica().WaitForHeadAsync(CancellationToken.None);

        Assert.Equal((false, false), (network.Answers(address), network.Answers(machine)));
        Assert.Equal((ConnectionOutcome.NoAnswer, ConnectionOutcome.NoAnswer), (Find(network, pod.Status.PodIP, 80).Outcome, Find(network, pod.Status.HostIP, 80).Outcome));
    }

    [Fact]
    public async Task Ports_of_a_machine_lead_to_pods_that_take_them_and_to_services()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        var edge = Sets.New("edge", 1);
        edge.Spec.Template.Spec.Containers[0].Ports = [new V1ContainerPort { ContainerPort = 8080, HostPort = 80 }];
        var agent = Sets.New("agent", 1);
        agent.Spec.Template.Spec.HostNetwork = true;
        agent.Spec.Template.Spec.Containers[0].Ports = [new V1ContainerPort { ContainerPort = 9100 }];
        var service = Address("edge");
        (service.Spec.Type, service.Spec.Ports[0].NodePort) = ("NodePort", 30_080);
        await cluster.CreateAsync(edge);
        await cluster.CreateAsync(agent);
        await cluster.CreateAsync(service);
        await cluster.UntilAsync("ready pods", replica => Sets.AreReady(replica, "edge", 1) && Sets.AreReady(replica, "agent", 1), sweeping: true);
        var network = cluster.Service<IClusterNetwork>(0);
        var (edgeHost, agentHost) = (Sets.Pods(cluster.Replica(), "edge")[0].Status.HostIP, Sets.Pods(cluster.Replica(), "agent")[0].Status.HostIP);
        await cluster.UntilAsync("the node port forwards", _ => Find(network, "192.168.49.4", 30_080).Outcome == ConnectionOutcome.Pod, sweeping: true);

        Assert.Equal(("edge-0", 8080), (Find(network, edgeHost, 80).Pod.Name, Find(network, edgeHost, 80).At!.Port));
        Assert.Equal(("agent-0", 9100), (Find(network, agentHost, 9100).Pod.Name, Find(network, agentHost, 9100).At!.Port));
        Assert.Equal("edge-0", Find(network, "192.168.49.4", 30_080).Pod.Name);
        Assert.Equal(ConnectionOutcome.Refused, Find(network, edgeHost, 81).Outcome);
    }

    [Fact]
    public async Task An_address_that_nobody_has_answers_nothing_and_one_outside_of_the_cluster_is_out_of_reach()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        var network = cluster.Service<IClusterNetwork>(0);

        Assert.All((string[])["10.244.200.200", "10.97.0.1", "192.168.200.200"], address => Assert.Equal(ConnectionOutcome.NoAnswer, Find(network, address, 80).Outcome));
        Assert.All((string[])["192.0.2.1", "127.0.0.1", "fd00::1"], address => Assert.Equal(ConnectionOutcome.Unreachable, Find(network, address, 80).Outcome));
        Assert.All((string[])["10.244.200.200", "10.96.0.10", "192.0.2.1", "fd00::1"], address => Assert.False(network.Answers(IPAddress.Parse(address))));
    }

    [Fact]
    public async Task A_stored_cluster_that_has_no_kube_dns_gets_it_when_it_starts()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        foreach (var kind in (ResourceKind[])[ResourceKinds.Services, ResourceKinds.EndpointSlices])
        {
            await cluster.DeleteAsync(kind.Key("kube-system", "kube-dns"));
        }

        await cluster.UntilAsync("no kube-dns", replica => replica.Find(ResourceKinds.Endpoints.Key("kube-system", "kube-dns")) is null);
        Assert.False(cluster.Service<IClusterNetwork>(0).Query(new DnsQuestion("kube-dns.kube-system.svc.cluster.local", DnsType.A)).Exists);
        Assert.Equal("10.96.0.10", cluster.Service<IClusterNetwork>(0).DnsAddress);

        await cluster.Service<Bootstrap>(0).RunAsync(CancellationToken.None);

        await UntilNamedAsync(cluster, "kube-dns.kube-system.svc.cluster.local", 1);
        var slice = cluster.Replica().Find(ResourceKinds.EndpointSlices.Key("kube-system", "kube-dns"))!.As<V1EndpointSlice>();
        Assert.Equal([53, 53, 9153], slice.Ports.Select(port => port.Port));
    }

    private static ConnectionEnd Find(IClusterNetwork network, string address, int port) => network.Find(new IPEndPoint(IPAddress.Parse(address), port), Somebody);

    private static ConnectionEnd FindService(TestCluster cluster, IClusterNetwork network) =>
        Find(network, cluster.Replica().Find(ResourceKinds.Services.Key("default", "front"))!.As<V1Service>().Spec.ClusterIP, 8000);

    private static string[] Data(IClusterNetwork network, string name, DnsType type = DnsType.A) =>
        [.. network.Query(new DnsQuestion(name, type)).Records.Select(record => record.Data).Order(StringComparer.Ordinal)];

    private static Task UntilNamedAsync(TestCluster cluster, string name, int addresses) =>
        cluster.UntilAsync($"{addresses} addresses of {name}", _ => Data(cluster.Service<IClusterNetwork>(0), name).Length == addresses, sweeping: true);

    private static Task OpenAsync(TestCluster cluster, string status) => PatchAsync(
        cluster, ResourceKinds.Pods.Key("default", "web-0"), $$$"""{"status":{"conditions":[{"type":"{{{Gate}}}","status":"{{{status}}}"}]}}""", "status");

    private static Task PatchAsync(TestCluster cluster, ObjectKey key, string patch, string subresource = "") => cluster.WriteAsync(new WriteRequest
    {
        Key = key,
        Verb = WriteVerb.Patch,
        Patch = PatchKind.StrategicMerge,
        Subresource = subresource,
        Body = System.Text.Encoding.UTF8.GetBytes(patch),
    });

    private static V1Service Headless(string name, bool publishes = false)
    {
        var service = Address(name);
        (service.Spec.ClusterIP, service.Spec.PublishNotReadyAddresses) = ("None", publishes ? true : null);
        service.Spec.Selector["app"] = name;
        return service;
    }

    // "front" stands before the pods of "web"; every other Service before those of its own name.
    private static V1Service Address(string name) => new()
    {
        ApiVersion = "v1",
        Kind = "Service",
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default" },
        Spec = new V1ServiceSpec
        {
            Selector = new Dictionary<string, string> { ["app"] = name == "front" ? "web" : name },
            Ports = [new V1ServicePort { Name = "http", Port = 8000, TargetPort = 80 }],
        },
    };
}
