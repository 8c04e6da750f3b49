using Orleans.StatefulSets.Reconciliation.Tests.Pods;

namespace Orleans.StatefulSets.Reconciliation.Tests.Endpoints;

public class EndpointsObjectTests
{
    [Fact]
    public void Ready_and_unready_addresses_stand_apart_sorted_by_address_and_terminating_pods_are_out()
    {
        var scene = EndpointsScene.Headless(EndpointsScene.Web());
        scene.Pods.Add(SamplePods.Ready("web-0", "10.244.0.9"));
        scene.Pods.Add(SamplePods.Ready("web-1", "10.244.0.10"));
        scene.Pods.Add(SamplePods.Ready("web-2", "10.244.0.11", ready: false));
        scene.Pods.Add(SamplePods.Ready("web-3", "10.244.0.12", terminating: true));
        scene.Apply();
        var subset = Assert.Single(scene.Endpoints!.Subsets);

        Assert.Equal(["10.244.0.10", "10.244.0.9"], subset.Addresses.Select(address => address.Ip));
        Assert.Equal(["10.244.0.11"], subset.NotReadyAddresses.Select(address => address.Ip));
        Assert.Equal(("web-1", "node-1", "uid-web-1"), (subset.Addresses[0].Hostname, subset.Addresses[0].NodeName, subset.Addresses[0].TargetRef.Uid));
        Assert.Equal(
            ["app=nginx", "endpoints.kubernetes.io/managed-by=endpoint-controller", "service.kubernetes.io/headless="],
            scene.Endpoints.Metadata.Labels.Select(label => $"{label.Key}={label.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void PublishNotReadyAddresses_counts_every_pod_as_ready_even_a_terminating_one()
    {
        var scene = EndpointsScene.Headless(EndpointsScene.Web());
        scene.Service = scene.Service with { Spec = scene.Service.Spec with { PublishNotReadyAddresses = true } };
        scene.Pods.Add(SamplePods.Ready("web-0", "10.244.0.2", ready: false));
        scene.Pods.Add(SamplePods.Ready("web-1", "10.244.0.3", terminating: true));
        scene.Apply();

        Assert.Equal(2, scene.Endpoints!.Subsets.Single().Addresses.Count);
        Assert.Null(scene.Endpoints.Subsets.Single().NotReadyAddresses);
    }

    [Fact]
    public void Ports_that_the_same_pods_offer_share_a_subset()
    {
        var scene = EndpointsScene.Headless(EndpointsScene.Web(), EndpointsScene.Web("9100") with { Name = "metrics", Port = 9100 });
        scene.Pods.Add(SamplePods.Ready("web-0", "10.244.0.2"));
        scene.Apply();

        Assert.Equal(["metrics 9100", "web 80"], scene.Endpoints!.Subsets.Single().Ports.Select(port => $"{port.Name} {port.Port}"));
    }

    [Theory]
    [InlineData(1200, 50, 1000, 0)]
    [InlineData(990, 50, 990, 10)]
    [InlineData(900, 100, 900, 100)]
    public void Over_1000_addresses_are_cut_ready_ones_first_and_it_is_said(int ready, int unready, int keptReady, int keptUnready)
    {
        var scene = EndpointsScene.Headless(EndpointsScene.Web());
        scene.Pods.AddRange(Enumerable.Range(0, ready + unready).Select(i => SamplePods.Ready($"web-{i}", $"10.244.{i / 200}.{(i % 200) + 2}", ready: i < ready)));
        scene.Apply();
        var subset = scene.Endpoints!.Subsets.Single();

        Assert.Equal((keptReady, keptUnready), (subset.Addresses.Count, subset.NotReadyAddresses?.Count ?? 0));
        Assert.Equal(ready + unready > 1000, scene.Endpoints.Metadata.Annotations.ContainsKey("endpoints.kubernetes.io/over-capacity"));
    }

    [Fact]
    public void The_mark_of_truncation_goes_when_there_is_room_again()
    {
        var scene = EndpointsScene.Headless(EndpointsScene.Web());
        scene.Pods.AddRange(Enumerable.Range(0, 1001).Select(i => SamplePods.Ready($"web-{i}", $"10.244.{i / 200}.{(i % 200) + 2}")));
        scene.Apply();
        Assert.Equal("truncated", scene.Endpoints!.Metadata.Annotations["endpoints.kubernetes.io/over-capacity"]);
        scene.Pods.RemoveAt(1000);
        scene.Apply();
        Assert.DoesNotContain("endpoints.kubernetes.io/over-capacity", scene.Endpoints.Metadata.Annotations.Keys);
    }
}
