using k8s.Models;
using Orleans.StatefulSets.Grains.Tests.Clusters;
using Orleans.StatefulSets.Reconciliation.Nodes;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Tests.Streaming;

/// <summary>Pods talk to pods and to Services, wherever their nodes live.</summary>
public sealed class PodTalkTests
{
    [Fact]
    public async Task Pods_of_a_set_reach_each_other_by_name_and_by_their_Services_across_silos()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        await cluster.CreateAsync(Service("nginx", "None"));
        await cluster.CreateAsync(Service("web", null));
        await cluster.CreateAsync(Web(3));
        await cluster.UntilAsync("ready", replica => Sets.AreReady(replica, "nginx", 3), sweeping: true);
        for (var pod = 0; pod < 3; pod++)
        {
            await Insides.ExecAsync(cluster, pod, $"nginx-{pod}", "", "sh", "-c", "hostname > /usr/share/nginx/html/index.html");
        }

        for (var from = 0; from < 3; from++)
        {
            for (var to = 0; to < 3; to++)
            {
                await Insides.UntilAsync("its name is known", async () =>
                    await Insides.ExecAsync(cluster, 0, $"nginx-{from}", "", "curl", "-s", $"http://nginx-{to}.nginx/") == ($"nginx-{to}\n", "", 0));
            }

            await Insides.UntilAsync("the Service leads to all three", async () =>
                (await Insides.ExecAsync(cluster, from, $"nginx-{from}", "", "sh", "-c", "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do curl -s http://web/; done | sort -u")).Output
                    == "nginx-0\nnginx-1\nnginx-2\n");
        }
    }

    [Fact]
    public async Task A_body_of_many_bytes_comes_whole_across_silos()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        await cluster.CreateAsync(Service("nginx", "None"));
        await cluster.CreateAsync(Web(3));
        await cluster.UntilAsync("ready", replica => Sets.AreReady(replica, "nginx", 3), sweeping: true);
        var sum = await Insides.ExecAsync(cluster, 0, "nginx-0", "", "sh", "-c", "head -c 3000000 /dev/urandom > /usr/share/nginx/html/big; md5sum < /usr/share/nginx/html/big");
        for (var from = 1; from < 3; from++)
        {
            await Insides.UntilAsync("its name is known", async () => (await Insides.ExecAsync(cluster, 0, $"nginx-{from}", "", "getent", "hosts", "nginx-0.nginx")).ExitCode == 0);
            Assert.Equal(sum, await Insides.ExecAsync(cluster, 0, $"nginx-{from}", "", "sh", "-c", "curl -s http://nginx-0.nginx/big | md5sum"));
        }
    }

    [Fact]
    public async Task A_server_that_is_stopped_refuses_and_a_pod_that_is_gone_has_no_name()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        await cluster.CreateAsync(Service("nginx", "None"));
        await cluster.CreateAsync(Web(2));
        await cluster.UntilAsync("ready", replica => Sets.AreReady(replica, "nginx", 2), sweeping: true);
        await Insides.UntilAsync("nobody listens there", async () => (await Insides.ExecAsync(cluster, 0, "nginx-0", "", "curl", "-s", "http://nginx-1.nginx:81/")).ExitCode == 7);
        await cluster.ScaleAsync(Sets.Key("nginx"), 1);
        await cluster.UntilAsync("one", replica => Sets.AreReady(replica, "nginx", 1), sweeping: true);

        // The name goes a moment after the pod, and at an address that nobody has nobody answers.
        await Insides.UntilAsync("its name is gone", async () => (await Insides.ExecAsync(cluster, 0, "nginx-0", "", "curl", "-s", "-m", "2", "http://nginx-1.nginx/")).ExitCode == 6);
    }

    [Fact]
    public async Task A_machine_that_goes_off_ends_what_was_open_and_its_pods_do_not_answer_until_it_is_back()
    {
        await using var cluster = await TestCluster.StartAsync(2, speed: 5);
        await cluster.CreateAsync(Service("nginx", "None"));
        await cluster.CreateAsync(Web(2));
        await cluster.UntilAsync("ready", replica => Sets.AreReady(replica, "nginx", 2), sweeping: true);
        var pod = Insides.Pod(cluster.Replica(), "nginx-1")!;
        Assert.NotEqual(pod.Spec.NodeName, Insides.Pod(cluster.Replica(), "nginx-0")!.Spec.NodeName);
        await using var here = await Insides.BeginAsync(cluster, 0, "nginx-1", "sh", "-c", "echo up; sleep 100000");
        await using var there = await Insides.BeginAsync(cluster, 1, "nginx-1", "sh", "-c", "echo up; sleep 100000");
        Assert.Equal(("up\n", "up\n"), (await Insides.ReadAsync(here), await Insides.ReadAsync(there)));

        await SwitchAsync(cluster, pod.Spec.NodeName, "off");

        Assert.Equal((137, 137), ((await Insides.EndAsync(here)).ExitCode, (await Insides.EndAsync(there)).ExitCode));
        var refusal = await Assert.ThrowsAsync<ApiException>(() => Insides.ExecAsync(cluster, 0, "nginx-1", "", "true"));
        Assert.Contains("no route to host", refusal.Message, StringComparison.Ordinal);
        var unread = await Assert.ThrowsAsync<ApiException>(() => Insides.LogAsync(cluster, 0, "nginx-1"));
        Assert.Matches("^Get \"https://[0-9.]+:10250/containerLogs/default/nginx-1/nginx\": dial tcp [0-9.]+:10250: connect: no route to host$", unread.Message);
        Assert.Equal(28, (await Insides.ExecAsync(cluster, 0, "nginx-0", "", "curl", "-s", "-m", "2", $"http://{pod.Status.PodIP}/")).ExitCode);

        await SwitchAsync(cluster, pod.Spec.NodeName, "on");
        Assert.Equal(("nginx-1\n", "", 0), await Insides.ExecUntilAsync(cluster, "nginx-1", "hostname"));
        Assert.Equal(1, Insides.Pod(cluster.Replica(), "nginx-1")!.Status.ContainerStatuses[0].RestartCount);
    }

    [Fact]
    public async Task An_address_leads_to_no_pod_that_took_the_name_of_its_owner()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        await Insides.RunAsync(cluster, Insides.New("a", "nginx"));
        await Insides.RunAsync(cluster, Insides.New("b", "nginx"));
        var before = Insides.Pod(cluster.Replica(), "b")!;
        await cluster.DeleteAsync(Insides.Key("b"));
        await cluster.UntilAsync("gone", replica => Insides.Pod(replica, "b") is null, sweeping: true);
        var after = await Insides.RunAsync(cluster, Insides.New("b", "nginx"));
        Assert.NotEqual(before.Status.PodIP, after.Status.PodIP);

        Assert.Equal(0, (await Insides.ExecAsync(cluster, 0, "a", "", "curl", "-s", "-o", "/dev/null", "-m", "2", $"http://{after.Status.PodIP}/")).ExitCode);
        Assert.Equal(28, (await Insides.ExecAsync(cluster, 0, "a", "", "curl", "-s", "-m", "1", $"http://{before.Status.PodIP}/")).ExitCode);
    }

    private static async Task SwitchAsync(TestCluster cluster, string node, string value)
    {
        var body = System.Text.Encoding.UTF8.GetBytes($"{{\"metadata\":{{\"annotations\":{{\"{NodePower.Switch}\":\"{value}\"}}}}}}");
        await cluster.WriteAsync(new WriteRequest { Key = ResourceKinds.Nodes.Key("", node), Verb = WriteVerb.Patch, Patch = PatchKind.Merge, Body = body });
        await cluster.Replica().WaitForHeadAsync(CancellationToken.None);
    }

    private static V1StatefulSet Web(int replicas)
    {
        var set = Sets.New("nginx", replicas, "Parallel");
        set.Spec.Template.Spec.Affinity = new V1Affinity
        {
            PodAntiAffinity = new V1PodAntiAffinity
            {
                RequiredDuringSchedulingIgnoredDuringExecution =
                    [new V1PodAffinityTerm { TopologyKey = "kubernetes.io/hostname", LabelSelector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "nginx" } } }],
            },
        };
        return set;
    }

    private static V1Service Service(string name, string? address) => new()
    {
        ApiVersion = "v1",
        Kind = "Service",
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default" },
        Spec = new V1ServiceSpec
        {
            ClusterIP = address,
            Selector = new Dictionary<string, string> { ["app"] = "nginx" },
            Ports = [new V1ServicePort { Port = 80, TargetPort = 80, Protocol = "TCP" }],
        },
    };
}
