using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Pods;

namespace Orleans.StatefulSets.Reconciliation.Tests.Pods;

public class PodAdmissionTests
{
    [Theory]
    [InlineData(8080, "TCP", null, true)]
    [InlineData(8080, "TCP", "10.0.0.1", true)]
    [InlineData(8080, "UDP", null, false)]
    [InlineData(8081, "TCP", null, false)]
    public void A_host_port_in_use_on_any_address_refuses_the_pod(int port, string protocol, string? ip, bool refused)
    {
        var refusal = PodAdmission.Check(WithHostPort("b", port, protocol, ip), [WithHostPort("a", 8080, "TCP", null)], podCapacity: 110);

        Assert.Equal(refused ? ("NodePorts", "Pod was rejected: Predicate NodePorts failed") : (null, null), (refusal?.Reason, refusal?.Message));
    }

    [Fact]
    public void Host_ports_on_two_addresses_of_the_host_live_side_by_side() =>
        Assert.Null(PodAdmission.Check(WithHostPort("b", 80, "TCP", "10.0.0.1"), [WithHostPort("a", 80, "TCP", "10.0.0.2")], podCapacity: 110));

    [Fact]
    public void A_full_node_refuses_one_more_pod()
    {
        var running = Enumerable.Range(0, 110).Select(i => SamplePods.Bound($"p-{i}")).ToList();

        Assert.Equal(
            ("OutOfpods", "Pod was rejected: Node didn't have enough resource: pods, requested: 1, used: 110, capacity: 110"),
            (PodAdmission.Check(SamplePods.Bound("one-more"), running, 110)?.Reason, PodAdmission.Check(SamplePods.Bound("one-more"), running, 110)?.Message));
    }

    [Fact]
    public void Finished_pods_and_the_pod_itself_take_no_room()
    {
        var finished = SamplePods.Bound("done") with { Status = new V1PodStatus { Phase = "Succeeded" } };
        Assert.Null(PodAdmission.Check(SamplePods.Bound("me"), [finished, SamplePods.Bound("me")], podCapacity: 1));
    }

    private static V1Pod WithHostPort(string name, int port, string protocol, string? ip)
    {
        var pod = SamplePods.Bound(name);
        var container = pod.Spec.Containers[0] with
        {
            Ports = [new V1ContainerPort { ContainerPort = 80, HostPort = port, Protocol = protocol, HostIP = ip }],
        };
        return pod with { Spec = pod.Spec with { Containers = [container] } };
    }
}
