using k8s.Models;
using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Tests.Objects;
using Orleans.StatefulSets.Workloads.Network;

namespace Orleans.StatefulSets.Grains.Tests.Replicas;

public sealed class PodAddressIndexTests
{
    private readonly Replica replica = new(new JournalOptions(), _ => Task.FromResult(0L), TimeProvider.System);
    private readonly PodAddressIndex index;
    private long version;

    public PodAddressIndexTests()
    {
        index = new PodAddressIndex(replica);
        replica.Load([], 0);
    }

    [Fact]
    public void A_pod_is_found_at_the_address_that_it_has_now()
    {
        Put(Pod("web-0", "10.244.0.2"));
        Assert.Equal("web-0", Find("10.244.0.2"));

        Put(Pod("web-0", "10.244.0.3"));
        Assert.Equal((null, "web-0"), (Find("10.244.0.2"), Find("10.244.0.3")));

        Put(Pod("web-0", "10.244.0.3"), deleted: true);
        Assert.Null(Find("10.244.0.3"));
    }

    [Fact]
    public void An_address_that_a_pod_left_when_it_ended_is_the_next_ones()
    {
        Put(Pod("job", "10.244.0.2"));
        Put(Pod("job", "10.244.0.2", phase: "Succeeded"));
        Assert.Null(Find("10.244.0.2"));

        Put(Pod("web-0", "10.244.0.2"));
        Put(Pod("job", "10.244.0.2", phase: "Succeeded"), deleted: true);
        Assert.Equal("web-0", Find("10.244.0.2"));
    }

    [Fact]
    public void Pods_that_take_ports_of_their_machine_are_found_by_its_address()
    {
        Put(Pod("agent", "192.168.49.2", hostNetwork: true));
        Put(Pod("web-0", "10.244.0.2"));
        Put(Pod("edge", "10.244.0.3", hostPort: 8080));

        Assert.Equal(["agent", "edge"], On("192.168.49.2"));
        Assert.Equal((null, "edge"), (Find("192.168.49.2"), Find("10.244.0.3")));

        Put(Pod("agent", "192.168.49.2", hostNetwork: true, phase: "Failed"));
        Put(Pod("edge", "10.244.0.3", hostPort: 8080), deleted: true);
        Assert.Empty(On("192.168.49.2"));
    }

    [Fact]
    public void A_copy_that_is_filled_anew_forgets_what_went_meanwhile()
    {
        Put(Pod("web-0", "10.244.0.2"));
        Put(Pod("web-1", "10.244.0.3"));

        replica.Load([Samples.Stored(Pod("web-1", "10.244.0.9"), 9)], 9);

        Assert.Equal((null, null, "web-1"), (Find("10.244.0.2"), Find("10.244.0.3"), Find("10.244.0.9")));
    }

    private string? Find(string address) => index.Find(Address(address))?.Metadata.Name;

    private IEnumerable<string> On(string machine) => index.On(Address(machine)).Select(pod => pod.Metadata.Name);

    private void Put(V1Pod pod, bool deleted = false) => replica.Apply(Samples.Slice(++version, new PublishedRevision(Samples.Stored(pod, version), deleted)));

    private static Ipv4Address Address(string text) => Ipv4Address.TryParse(text, out var address) ? address : throw new FormatException(text);

    private static V1Pod Pod(string name, string address, string phase = "Running", bool hostNetwork = false, int? hostPort = null)
    {
        var pod = Samples.Pod(name, "node-1", phase: phase);
        pod.Spec.HostNetwork = hostNetwork ? true : null;
        pod.Spec.Containers[0].Ports = [new V1ContainerPort { ContainerPort = 80, HostPort = hostPort }];
        pod.Status.PodIP = address;
        pod.Status.HostIP = "192.168.49.2";
        return pod;
    }
}
