using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Nodes;
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
        var refusal = Check(WithHostPort("b", port, protocol, ip), WithHostPort("a", 8080, "TCP", null));

        Assert.Equal(refused ? ("NodePorts", "Pod was rejected: Predicate NodePorts failed") : (null, null), (refusal?.Reason, refusal?.Message));
    }

    [Fact]
    public void Host_ports_on_two_addresses_of_the_host_live_side_by_side() =>
        Assert.Null(Check(WithHostPort("b", 80, "TCP", "10.0.0.1"), WithHostPort("a", 80, "TCP", "10.0.0.2")));

    [Fact]
    public void A_full_node_refuses_one_more_pod()
    {
        var running = Enumerable.Range(0, 110).Select(i => SamplePods.Bound($"p-{i}")).ToList();

        Assert.Equal(
            ("OutOfpods", "Pod was rejected: Node didn't have enough resource: pods, requested: 1, used: 110, capacity: 110"),
            (Check(SamplePods.Bound("one-more"), [.. running])?.Reason, Check(SamplePods.Bound("one-more"), [.. running])?.Message));
    }

    [Fact]
    public void Finished_pods_and_the_pod_itself_take_no_room()
    {
        var finished = SamplePods.Bound("done") with { Status = new V1PodStatus { Phase = "Succeeded" } };
        Assert.Null(PodAdmission.Check(SamplePods.Bound("me"), [PodOutline.Of(finished), PodOutline.Of(SamplePods.Bound("me"))], Machine(pods: 1)));
    }

    [Theory]
    [InlineData("cpu", "6", "3", "OutOfcpu", "Node didn't have enough resource: cpu, requested: 3000, used: 6000, capacity: 8000")]
    [InlineData("memory", "1Gi", "32Gi", "OutOfmemory", "Node didn't have enough resource: memory, requested: 34359738368, used: 1073741824, capacity: 34254880768")]
    public void A_node_that_has_shrunk_since_the_pod_was_placed_says_what_it_lacks(string resource, string used, string wanted, string reason, string message)
    {
        var refusal = Check(Asking(SamplePods.Bound("b"), resource, wanted), Asking(SamplePods.Bound("a"), resource, used));

        Assert.Equal((reason, message), (refusal?.Reason, refusal?.EventMessage));
    }

    [Fact]
    public void A_pod_that_names_a_node_which_its_selector_does_not_mean_is_refused()
    {
        var pod = SamplePods.Bound();
        pod = pod with { Spec = pod.Spec with { NodeSelector = new Dictionary<string, string> { ["disk"] = "ssd" } } };

        Assert.Equal(("NodeAffinity", "Pod was rejected: Predicate NodeAffinity failed"), (Check(pod)?.Reason, Check(pod)?.Message));
    }

    [Theory]
    [InlineData("NoExecute", "TaintToleration")]
    [InlineData("NoSchedule", null)]
    public void Only_a_taint_that_evicts_refuses_a_pod_that_is_there_already(string effect, string? reason)
    {
        var node = Machine();
        node = node with { Spec = node.Spec with { Taints = [new V1Taint { Key = "gpu", Effect = effect }] } };

        Assert.Equal(reason, PodAdmission.Check(SamplePods.Bound(), [], node)?.Reason);
    }

    // "The kubelet does not admit BestEffort pods to the node" under MemoryPressure; under DiskPressure it admits none (node-pressure eviction, Node conditions).
    [Theory]
    [InlineData("MemoryPressure", "BestEffort", "The node had condition: [MemoryPressure]. ")]
    [InlineData("MemoryPressure", "Burstable", null)]
    [InlineData("DiskPressure", "Guaranteed", "The node had condition: [DiskPressure]. ")]
    public void A_node_under_pressure_takes_fewer_pods(string condition, string quality, string? message)
    {
        var node = Machine();
        node = node with { Status = node.Status with { Conditions = [new V1NodeCondition { Type = condition, Status = "True" }] } };
        var pod = SamplePods.Bound();

        Assert.Equal(message, PodAdmission.Check(pod with { Status = new V1PodStatus { QosClass = quality } }, [], node)?.EventMessage);
    }

    private static AdmissionRefusal? Check(V1Pod pod, params V1Pod[] others) => PodAdmission.Check(pod, others.Select(PodOutline.Of), Machine());

    private static V1Node Machine(int pods = 110) => NodeObjects.New(0, new NodeOptions { Pods = pods }, PodWalk.Start);

    private static V1Pod Asking(V1Pod pod, string resource, string amount) => pod with
    {
        Spec = pod.Spec with
        {
            Containers =
            [
                pod.Spec.Containers[0] with
                {
                    Resources = new V1ResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { [resource] = new(amount) } },
                },
            ],
        },
    };

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
