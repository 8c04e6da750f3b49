using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Tests.Pods;

namespace Orleans.StatefulSets.Reconciliation.Tests.Endpoints;

public class EndpointSliceTests
{
    [Fact]
    public void A_ready_pod_is_an_endpoint_with_its_node_zone_hostname_and_reference()
    {
        var scene = EndpointsScene.Headless(EndpointsScene.Web());
        scene.Pods.Add(SamplePods.Ready("web-0", "10.244.0.2"));
        scene.Apply();
        var slice = Assert.Single(scene.Slices);
        var endpoint = Assert.Single(slice.Endpoints);

        Assert.Matches("^nginx-[bcdfghjklmnpqrstvwxz2456789]{5}$", slice.Metadata.Name);
        Assert.Equal("nginx-", slice.Metadata.GenerateName);
        Assert.Equal(
            ["app=nginx", "endpointslice.kubernetes.io/managed-by=endpointslice-controller.k8s.io", "kubernetes.io/service-name=nginx", "service.kubernetes.io/headless="],
            slice.Metadata.Labels.Select(label => $"{label.Key}={label.Value}").Order(StringComparer.Ordinal));
        var owner = Assert.Single(slice.Metadata.OwnerReferences);
        Assert.Equal(("v1", "Service", "nginx", "service-uid", true, true), (owner.ApiVersion, owner.Kind, owner.Name, owner.Uid, owner.Controller, owner.BlockOwnerDeletion));
        Assert.Equal("2025-06-01T12:00:00Z", slice.Metadata.Annotations["endpoints.kubernetes.io/last-change-trigger-time"]);
        Assert.Equal(new Discoveryv1EndpointPort { Name = "web", Port = 80, Protocol = "TCP" }, Assert.Single(slice.Ports));
        Assert.Equal(("10.244.0.2", "web-0", "node-1", "zone-of-node-1"), (endpoint.Addresses.Single(), endpoint.Hostname, endpoint.NodeName, endpoint.Zone));
        Assert.Equal(("Pod", "web-0", "default", "uid-web-0"), (endpoint.TargetRef.Kind, endpoint.TargetRef.Name, endpoint.TargetRef.NamespaceProperty, endpoint.TargetRef.Uid));
    }

    [Theory]
    [InlineData(true, false, false, true, true, false)]
    [InlineData(false, false, false, false, false, false)]
    [InlineData(true, true, false, false, true, true)]
    [InlineData(false, false, true, true, false, false)]
    [InlineData(true, true, true, true, true, true)]
    public void Conditions_follow_readiness_termination_and_publishNotReadyAddresses(
        bool podReady, bool podTerminating, bool publish, bool ready, bool serving, bool terminating)
    {
        var scene = EndpointsScene.Headless(EndpointsScene.Web());
        scene.Service = scene.Service with { Spec = scene.Service.Spec with { PublishNotReadyAddresses = publish } };
        scene.Pods.Add(SamplePods.Ready("web-0", "10.244.0.2", ready: podReady, terminating: podTerminating));
        scene.Apply();

        Assert.Equal(
            new V1EndpointConditions { Ready = ready, Serving = serving, Terminating = terminating }, scene.Slices.Single().Endpoints.Single().Conditions);
    }

    [Fact]
    public void Pods_without_address_finished_ones_and_strangers_are_left_out_and_an_empty_slice_stands_for_none()
    {
        var scene = EndpointsScene.Headless(EndpointsScene.Web());
        var pod = SamplePods.Ready("web-1", "10.244.0.3");
        scene.Pods.Add(SamplePods.Bound());
        scene.Pods.Add(pod with { Status = pod.Status with { Phase = "Succeeded" } });
        scene.Pods.Add(pod with { Metadata = pod.Metadata with { Labels = new Dictionary<string, string> { ["app"] = "other" } } });
        scene.Pods.Add(pod with { Metadata = pod.Metadata with { NamespaceProperty = "elsewhere" } });
        scene.Apply();

        Assert.Empty(Assert.Single(scene.Slices).Endpoints);
        Assert.Null(scene.Endpoints!.Subsets);
    }

    [Fact]
    public void The_empty_slice_is_filled_and_emptied_again_under_one_name()
    {
        var scene = EndpointsScene.Headless(EndpointsScene.Web());
        scene.Apply();
        var name = scene.Slices.Single().Metadata.Name;
        scene.Pods.Add(SamplePods.Ready("web-0", "10.244.0.2"));
        scene.Apply();
        Assert.Equal((name, 1), (scene.Slices.Single().Metadata.Name, scene.Slices.Single().Endpoints.Count));
        scene.Pods.Clear();
        scene.Apply();
        Assert.Equal((name, 0, 0), (scene.Slices.Single().Metadata.Name, scene.Slices.Single().Endpoints.Count, scene.Slices.Single().Ports.Count));
    }

    [Fact]
    public void One_pods_news_among_1000_rewrites_one_slice_of_100()
    {
        var scene = EndpointsScene.Headless(EndpointsScene.Web());
        scene.Pods.AddRange(Enumerable.Range(0, 1000).Select(i => SamplePods.Ready($"web-{i}", $"10.244.{i / 200}.{(i % 200) + 2}")));
        Assert.Equal(10, scene.Apply().CreateSlices.Count);

        scene.Pods[437] = SamplePods.Ready("web-437", scene.Pods[437].Status.PodIP, ready: false);
        var plan = scene.Apply();

        Assert.Equal((0, 1, 0), (plan.CreateSlices.Count, plan.UpdateSlices.Count, plan.DeleteSlices.Count));
        Assert.Single(plan.UpdateSlices[0].Endpoints, endpoint => endpoint.Conditions.Ready == false);
    }

    [Fact]
    public void A_recreated_pod_takes_the_place_that_its_predecessor_left()
    {
        var scene = EndpointsScene.Headless(EndpointsScene.Web());
        scene.Pods.AddRange(Enumerable.Range(0, 250).Select(i => SamplePods.Ready($"web-{i}", $"10.244.0.{i + 2}")));
        scene.Apply();
        var again = SamplePods.Ready("web-7", "10.244.1.9");
        scene.Pods[7] = again with { Metadata = again.Metadata with { Uid = "another" } };
        var plan = scene.Apply();

        Assert.Equal((0, 1, 0), (plan.CreateSlices.Count, plan.UpdateSlices.Count, plan.DeleteSlices.Count));
        Assert.Contains(plan.UpdateSlices[0].Endpoints, endpoint => endpoint.TargetRef.Uid == "another");
    }

    [Theory]
    [InlineData(5, 0, 1)]
    [InlineData(8, 1, 0)]
    public void New_pods_go_together_into_a_slice_with_room_for_all_of_them_or_into_a_new_one(int more, int created, int updated)
    {
        var scene = EndpointsScene.Headless(EndpointsScene.Web());
        scene.Pods.AddRange(Enumerable.Range(0, 195).Select(i => SamplePods.Ready($"web-{i}", $"10.244.0.{i + 2}")));
        scene.Apply();
        scene.Pods.AddRange(Enumerable.Range(0, more).Select(i => SamplePods.Ready($"more-{i}", $"10.244.1.{i + 2}")));
        var plan = scene.Apply();

        Assert.Equal((created, updated, 0), (plan.CreateSlices.Count, plan.UpdateSlices.Count, plan.DeleteSlices.Count));
    }

    [Fact]
    public void Pods_that_resolve_a_named_port_differently_stand_in_slices_of_their_own()
    {
        var scene = EndpointsScene.Headless(EndpointsScene.Web("web"));
        scene.Pods.Add(SamplePods.Ready("web-0", "10.244.0.2"));
        scene.Pods.Add(Listening(SamplePods.Ready("web-1", "10.244.0.3"), "web", 8080));
        scene.Pods.Add(Listening(SamplePods.Ready("web-2", "10.244.0.4"), "other", 8080));
        scene.Apply();

        Assert.Equal([80, 8080], scene.Slices.Select(slice => slice.Ports.Single().Port!.Value).Order());
        Assert.DoesNotContain(scene.Slices.SelectMany(slice => slice.Endpoints), endpoint => endpoint.TargetRef.Name == "web-2");
        Assert.Equal(["80: 10.244.0.2", "8080: 10.244.0.3"], scene.Endpoints!.Subsets.Select(s => $"{s.Ports.Single().Port}: {s.Addresses.Single().Ip}"));
    }

    [Fact]
    public void A_changed_port_moves_the_endpoints_within_the_same_slices()
    {
        var scene = EndpointsScene.Headless(EndpointsScene.Web());
        scene.Pods.Add(SamplePods.Ready("web-0", "10.244.0.2"));
        scene.Apply();
        scene.Service = scene.Service with { Spec = scene.Service.Spec with { Ports = [EndpointsScene.Web("8080")] } };
        var plan = scene.Apply();

        Assert.Equal((0, 1, 0), (plan.CreateSlices.Count, plan.UpdateSlices.Count, plan.DeleteSlices.Count));
        Assert.Equal(8080, scene.Slices.Single().Ports.Single().Port);
    }

    [Fact]
    public void A_headless_service_may_have_no_ports_but_another_service_may_not()
    {
        var scene = EndpointsScene.Headless();
        scene.Pods.Add(SamplePods.Ready("web-0", "10.244.0.2"));
        scene.Apply();
        Assert.Equal((1, 0), (scene.Slices.Single().Endpoints.Count, scene.Slices.Single().Ports.Count));
        Assert.Null(scene.Endpoints!.Subsets.Single().Ports);

        scene.Service = scene.Service with { Spec = scene.Service.Spec with { ClusterIP = "10.96.0.20" } };
        scene.Apply();
        Assert.Empty(scene.Slices.Single().Endpoints);
        Assert.DoesNotContain("service.kubernetes.io/headless", scene.Slices.Single().Metadata.Labels.Keys);
    }

    [Fact]
    public void A_slice_of_another_manager_is_left_alone()
    {
        var scene = EndpointsScene.Headless(EndpointsScene.Web());
        scene.Slices.Add(new V1EndpointSlice
        {
            Metadata = new V1ObjectMeta { Name = "by-hand", Labels = new Dictionary<string, string> { ["kubernetes.io/service-name"] = "nginx" } },
            AddressType = "IPv4",
            Endpoints = [],
        });

        var plan = scene.Decide();
        Assert.Equal((1, 0, 0), (plan.CreateSlices.Count, plan.UpdateSlices.Count, plan.DeleteSlices.Count));
    }

    [Fact]
    public void A_service_without_selector_has_nothing_managed()
    {
        var scene = EndpointsScene.Headless(EndpointsScene.Web());
        scene.Service = scene.Service with { Spec = scene.Service.Spec with { Selector = null } };
        Assert.True(scene.Decide().IsEmpty);
    }

    [Fact]
    public void Any_history_of_pods_leaves_true_slices_that_have_settled()
    {
        for (var seed = 1; seed <= 8; seed++)
        {
            var chance = new Random(seed);
            var scene = EndpointsScene.Headless(EndpointsScene.Web("web"));
            for (var round = 0; round < 15; round++)
            {
                for (var change = chance.Next(120); change > 0; change--)
                {
                    var i = chance.Next(400);
                    scene.Pods.RemoveAll(pod => pod.Metadata.Name == $"web-{i}");
                    if (chance.Next(3) > 0)
                    {
                        var pod = SamplePods.Ready($"web-{i}", $"10.244.{chance.Next(200)}.{chance.Next(250)}", ready: chance.Next(4) > 0, terminating: chance.Next(5) == 0);
                        scene.Pods.Add(chance.Next(4) == 0 ? Listening(pod, "web", 8080) : pod);
                    }
                }

                scene.Apply();
                Assert.Equal(
                    scene.Pods.Select(pod => $"{pod.Metadata.Name} {pod.Status.PodIP}").Order(),
                    scene.Slices.SelectMany(slice => slice.Endpoints).Select(endpoint => $"{endpoint.TargetRef.Name} {endpoint.Addresses.Single()}").Order());
            }
        }
    }

    private static V1Pod Listening(V1Pod pod, string name, int port) => pod with
    {
        Spec = pod.Spec with { Containers = [pod.Spec.Containers[0] with { Ports = [new V1ContainerPort { Name = name, ContainerPort = port, Protocol = "TCP" }] }] },
    };
}
