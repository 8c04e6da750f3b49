using System.Globalization;
using Orleans.StatefulSets.Acceptance.Tests.Crashes;
using Orleans.StatefulSets.Acceptance.Tests.Kubectl;
using Orleans.StatefulSets.Acceptance.Tests.Servers;
using Orleans.StatefulSets.Acceptance.Tests.Tutorial;
using Xunit.Abstractions;

namespace Orleans.StatefulSets.Acceptance.Tests.Clusters;

/// <summary>kill -9 of one silo of three, at the moments at which it matters most who dies.</summary>
[Collection(SilosCollection.Name)]
public sealed class DeathTests(DeathCluster cluster, ITestOutputHelper output) : IClassFixture<DeathCluster>
{
    private static int Pods => DeathCluster.Pods;

    private static IReadOnlyList<string> Names { get; } = [.. Enumerable.Range(0, Pods).Select(ordinal => $"web-{ordinal}")];

    [SkippableFact]
    public async Task A_parallel_set_is_created_though_the_journals_holder_dies_and_goes_with_its_namespace_though_another_one_does()
    {
        await CreateNamespaceAsync("parallel");
        await using (var scene = await DeathScene.BeginAsync(cluster, await cluster.JournalHolderAsync(), "parallel", "creation"))
        {
            await scene.Kubectl.CreateAsync(SetOf("Parallel"));
            await scene.KillAfterAsync(Pods / 3, Pods, pod => IsOf("parallel", pod) && pod.IsReady);
            var claims = await WebSet.UidsAsync(scene.Kubectl, "pvc");
            await scene.UntilAsync("rollout status sts/web");

            Assert.Equal(Names, await PodsAsync(scene.Kubectl));
            var claimsInTheEnd = await WebSet.UidsAsync(scene.Kubectl, "pvc");
            Assert.Equal(Pods, claimsInTheEnd.Count);
            Assert.All(claims, claim => Assert.Equal(claim.Value, claimsInTheEnd[claim.Key]));
            await scene.EndAsync(output);
        }

        var silos = await cluster.AliveAsync();
        var holder = await cluster.JournalHolderAsync();
        await using (var scene = await DeathScene.BeginAsync(cluster, silos.First(silo => silo != holder), "parallel", "deletion"))
        {
            await scene.Kubectl.OutputAsync("delete namespace parallel --wait=false");
            await scene.KillAfterAsync(Pods / 3, Pods, pod => IsOf("parallel", pod) && pod.Type == "DELETED");
            await scene.UntilAsync("wait --for=delete namespace/parallel");

            Assert.Equal("", await scene.Kubectl.OutputAsync("get pods,pvc,sts,controllerrevisions -o name"));
            Assert.Equal(Names.Order(), Told("parallel", scene, "DELETED").Order());
            await Deadline.WaitAsync(
                DeathCluster.Limit, async () => !(await scene.Kubectl.OutputAsync("get pv")).Contains("parallel/data-web", StringComparison.Ordinal), () => "volumes are left");
            await scene.EndAsync(output);
        }
    }

    [SkippableFact]
    public async Task An_ordered_set_is_updated_and_scaled_down_in_order_though_who_decides_dies()
    {
        const string file = "/usr/share/nginx/html/written";
        var kubectl = await CreateNamespaceAsync("ordered");
        await kubectl.CreateAsync(SetOf("OrderedReady"));
        await Deadline.WaitAsync(
            DeathCluster.Limit, async () => (await kubectl.RunAsync("rollout status sts/web --timeout=30s")).ExitCode == 0, () => "the set does not come up");
        await kubectl.OutputAsync($"exec web-0 -- sh -c 'echo before > {file}'");
        var claims = await WebSet.UidsAsync(kubectl, "pvc");
        await using (var scene = await DeathScene.BeginAsync(cluster, await cluster.DeciderAsync("ordered"), "ordered", "update"))
        {
            await scene.Kubectl.OutputAsync(WebSet.PatchImage(WebSet.NewImage));
            await scene.KillAfterAsync(Pods / 3, Pods, pod => IsOf("ordered", pod) && pod.Type == "DELETED");
            await scene.UntilAsync("rollout status sts/web");

            Assert.Equal(Names.Reverse(), Told("ordered", scene, "DELETED"));
            Assert.Equal(Names.Reverse(), Told("ordered", scene, "ADDED"));
            Assert.Equal(WebSet.NewImage, await WebSet.ImageAsync(scene.Kubectl, "web-0"));
            Assert.Equal("before", await scene.Kubectl.OutputAsync($"exec web-0 -- cat {file}"));
            await scene.EndAsync(output);
        }

        await using (var scene = await DeathScene.BeginAsync(cluster, await cluster.DeciderAsync("ordered"), "ordered", "scale"))
        {
            await scene.Kubectl.OutputAsync("scale sts web --replicas=2");
            await scene.KillAfterAsync(Pods / 3, Pods - 2, pod => IsOf("ordered", pod) && pod.Type == "DELETED");
            await scene.UntilAsync("wait --for=jsonpath={.status.replicas}=2 sts/web");

            Assert.Equal(["web-0", "web-1"], await PodsAsync(scene.Kubectl));
            Assert.Equal(Names.Skip(2).Reverse(), Told("ordered", scene, "DELETED"));
            Assert.Empty(Told("ordered", scene, "ADDED"));
            Assert.Equal(claims, await WebSet.UidsAsync(scene.Kubectl, "pvc"));
            await scene.EndAsync(output);
        }
    }

    [SkippableFact]
    public async Task Pods_that_wait_for_a_node_get_one_though_who_schedules_them_dies()
    {
        var kubectl = await CreateNamespaceAsync("waiting");
        await kubectl.CreateAsync(SetOf("Parallel", """{"waiting":"over"}"""));
        await using var scene = await DeathScene.BeginAsync(cluster, await cluster.SchedulerAsync(), "waiting", "waiting");
        await Deadline.WaitAsync(DeathCluster.Limit, async () => await WaitingAsync(scene.Kubectl) == Pods, () => "not all pods are there and wait");

        await scene.KillAsync();
        await scene.Kubectl.OutputAsync("label nodes --all waiting=over");
        await scene.UntilAsync("rollout status sts/web");

        Assert.Equal(Names, await PodsAsync(scene.Kubectl));
        Assert.Empty(Told("waiting", scene, "DELETED"));
        await scene.EndAsync(output);
    }

    private async Task<KubectlSession> CreateNamespaceAsync(string @namespace)
    {
        var kubectl = (await cluster.AliveAsync())[0].Open(KubectlVersion.Newest, @namespace);
        await kubectl.OutputAsync($"create namespace {@namespace}");
        return kubectl;
    }

    private static bool IsOf(string @namespace, PodChange pod) => pod.Name.StartsWith($"{@namespace}/", StringComparison.Ordinal);

    private static IEnumerable<string> Told(string @namespace, DeathScene scene, string type) =>
        scene.History.Changes.Where(change => IsOf(@namespace, change) && change.Type == type).Select(change => change.Name.Split('/')[1]);

    // kubectl wait asks for each pod by itself, and no faster than it may.
    private static async Task<int> WaitingAsync(KubectlSession kubectl) =>
        (await kubectl.OutputAsync("get pods -o jsonpath='{.items[*].status.conditions[?(@.type==\"PodScheduled\")].status}'")).Split(' ').Count(status => status == "False");

    private static async Task<IReadOnlyList<string>> PodsAsync(KubectlSession kubectl) => [.. (await WebSet.UidsAsync(kubectl, "pods")).Keys.OrderBy(Ordinal)];

    private static int Ordinal(string pod) => int.Parse(pod.AsSpan(pod.LastIndexOf('-') + 1), CultureInfo.InvariantCulture);

    private static string SetOf(string policy, string selector = "{}") => $$$$$"""
        {"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"web"},"spec":{"replicas":{{{{{Pods}}}}},"serviceName":"web","podManagementPolicy":"{{{{{policy}}}}}",
        "selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{"nodeSelector":{{{{{selector}}}}},"terminationGracePeriodSeconds":1,
        "containers":[{"name":"nginx","image":"{{{{{WebSet.OldImage}}}}}","volumeMounts":[{"name":"data","mountPath":"/usr/share/nginx/html"}]}]}},
        "volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}]}}
        """;
}
