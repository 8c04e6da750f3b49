using System.Globalization;
using System.Text.Json;
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
    private const string File = "/usr/share/nginx/html/written";

    private static int Pods => DeathCluster.Pods;

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_creation_of_a_parallel_set_goes_on_also_without_who_held_the_journal(bool journal)
    {
        var holder = await cluster.JournalHolderAsync();
        var victim = journal ? holder : (await cluster.SilosAsync()).First(silo => silo != holder);
        var @namespace = journal ? "journal" : "creation";
        await CreateNamespaceAsync(@namespace);
        await using var scene = await DeathScene.BeginAsync(cluster, victim, @namespace);

        await scene.Kubectl.CreateAsync(SetOf("Parallel"));
        await scene.KillAfterAsync(Pods / 3, Pods, pod => IsOf(pod, @namespace) && pod.Type == "MODIFIED" && pod.IsReady);
        var claims = await WebSet.UidsAsync(scene.Kubectl, "pvc");
        await scene.UntilAsync("rollout status sts/web");

        Assert.Equal(Names, await PodsAsync(scene.Kubectl));
        var claimsInTheEnd = await WebSet.UidsAsync(scene.Kubectl, "pvc");
        Assert.All(claims, claim => Assert.Equal(claim.Value, claimsInTheEnd[claim.Key]));
        await scene.EndAsync(output);
    }

    [SkippableFact]
    public async Task A_rolling_update_goes_on_without_who_decided_it()
    {
        var kubectl = await PrepareAsync("update", "OrderedReady");
        await kubectl.OutputAsync($"exec web-0 -- sh -c 'echo before > {File}'");
        var claims = await WebSet.UidsAsync(kubectl, "pvc");
        await using var scene = await DeathScene.BeginAsync(cluster, await cluster.DeciderAsync("update"), "update");

        await scene.Kubectl.OutputAsync(WebSet.PatchImage(WebSet.NewImage));
        await scene.KillAfterAsync(Pods / 3, Pods, pod => IsOf(pod, "update") && pod.Type == "DELETED");
        await scene.UntilAsync("rollout status sts/web");

        Assert.Equal(Pods, await CountAsync(scene.Kubectl, "get pods -o jsonpath={.items[*].spec.containers[0].image}", WebSet.NewImage));
        Assert.Equal(Names.Reverse(), Told(scene, "update", "DELETED"));
        Assert.Equal(Names.Reverse(), Told(scene, "update", "ADDED"));
        Assert.Equal(claims, await WebSet.UidsAsync(scene.Kubectl, "pvc"));
        Assert.Equal("before", await scene.Kubectl.OutputAsync($"exec web-0 -- cat {File}"));
        await scene.EndAsync(output);
    }

    [SkippableFact]
    public async Task An_ordered_scale_down_goes_on_without_who_decided_it()
    {
        var kubectl = await PrepareAsync("scale", "OrderedReady");
        var claims = await WebSet.UidsAsync(kubectl, "pvc");
        await using var scene = await DeathScene.BeginAsync(cluster, await cluster.DeciderAsync("scale"), "scale");

        await scene.Kubectl.OutputAsync("scale sts web --replicas=2");
        await scene.KillAfterAsync(Pods / 3, Pods - 2, pod => IsOf(pod, "scale") && pod.Type == "DELETED");
        await scene.UntilAsync("wait --for=jsonpath={.status.replicas}=2 sts/web");

        Assert.Equal(["web-0", "web-1"], await PodsAsync(scene.Kubectl));
        Assert.Equal(Names.Skip(2).Reverse(), Told(scene, "scale", "DELETED"));
        Assert.Empty(Told(scene, "scale", "ADDED"));
        Assert.Equal(claims, await WebSet.UidsAsync(scene.Kubectl, "pvc"));
        await scene.EndAsync(output);
    }

    [SkippableFact]
    public async Task The_deletion_of_a_namespace_goes_on()
    {
        var kubectl = await PrepareAsync("deletion", "Parallel");
        await using var scene = await DeathScene.BeginAsync(cluster, (await cluster.SilosAsync())[1], "deletion");
        var volumes = await VolumesAsync(scene.Kubectl);
        Assert.Equal(Pods, volumes.Count);

        await scene.Kubectl.OutputAsync("delete namespace deletion --wait=false");
        await scene.KillAfterAsync(Pods / 3, Pods, pod => IsOf(pod, "deletion") && pod.Type == "DELETED");
        await scene.UntilAsync("wait --for=delete namespace/deletion");

        Assert.Equal("", await scene.Kubectl.OutputAsync("get pods,pvc,sts,controllerrevisions -o name"));
        Assert.Equal(Names, Told(scene, "deletion", "DELETED").OrderBy(Ordinal));
        await Deadline.WaitAsync(DeathCluster.Limit, async () => (await VolumesAsync(scene.Kubectl)).Count == 0, () => "the volumes stay");
        await scene.EndAsync(output);
    }

    [SkippableFact]
    public async Task Pods_that_waited_get_their_nodes_without_who_scheduled_them()
    {
        await CreateNamespaceAsync("waiting");
        await using var scene = await DeathScene.BeginAsync(cluster, await cluster.SchedulerAsync(), "waiting");
        await scene.Kubectl.CreateAsync(SetOf("Parallel", """{"waiting":"over"}"""));
        await Deadline.WaitAsync(DeathCluster.Limit, async () => await UnschedulableAsync(scene.Kubectl) == Pods, () => "not all pods wait");

        await scene.KillAsync();
        await scene.Kubectl.OutputAsync("label nodes --all waiting=over");
        await scene.UntilAsync("rollout status sts/web");

        Assert.Equal(Names, await PodsAsync(scene.Kubectl));
        await scene.EndAsync(output);
    }

    private static IEnumerable<string> Names => Enumerable.Range(0, Pods).Select(ordinal => $"web-{ordinal}");

    // A set that stands before anybody dies.
    private async Task<KubectlSession> PrepareAsync(string @namespace, string policy)
    {
        var kubectl = await CreateNamespaceAsync(@namespace);
        await kubectl.CreateAsync(SetOf(policy));
        await Deadline.WaitAsync(DeathCluster.Limit, async () => (await kubectl.RunAsync("rollout status sts/web --timeout=50s")).ExitCode == 0, () => "the set is not there");
        return kubectl;
    }

    private async Task<KubectlSession> CreateNamespaceAsync(string @namespace)
    {
        var kubectl = await (await cluster.SilosAsync())[0].OpenAsync(KubectlVersion.Newest, @namespace);
        await kubectl.OutputAsync($"create namespace {@namespace}");
        return kubectl;
    }

    private static bool IsOf(PodChange pod, string @namespace) => pod.Name.StartsWith($"{@namespace}/", StringComparison.Ordinal);

    private static IEnumerable<string> Told(DeathScene scene, string @namespace, string type) =>
        scene.History.Changes.Where(change => IsOf(change, @namespace) && change.Type == type).Select(change => change.Name.Split('/')[1]);

    private static async Task<IEnumerable<string>> PodsAsync(KubectlSession kubectl) => (await WebSet.UidsAsync(kubectl, "pods")).Keys.OrderBy(Ordinal);

    private static int Ordinal(string pod) => int.Parse(pod.AsSpan(pod.LastIndexOf('-') + 1), CultureInfo.InvariantCulture);

    private static async Task<int> CountAsync(KubectlSession kubectl, string command, string word) =>
        (await kubectl.OutputAsync(command)).Split(' ').Count(other => other == word);

    private static Task<int> UnschedulableAsync(KubectlSession kubectl) =>
        CountAsync(kubectl, """get pods -o 'jsonpath={.items[*].status.conditions[?(@.type=="PodScheduled")].reason}'""", "Unschedulable");

    private static async Task<IReadOnlyList<JsonElement>> VolumesAsync(KubectlSession kubectl) =>
        [.. (await kubectl.JsonAsync("get pv")).GetProperty("items").EnumerateArray().Where(volume => volume.GetProperty("spec").GetProperty("claimRef").GetProperty("namespace").GetString() == "deletion")];

    private static string SetOf(string policy, string selector = "{}") => $$$$$"""
        {"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"web"},"spec":{"replicas":{{{{{Pods}}}}},"serviceName":"web","podManagementPolicy":"{{{{{policy}}}}}",
        "selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{"nodeSelector":{{{{{selector}}}}},"terminationGracePeriodSeconds":1,
        "containers":[{"name":"nginx","image":"{{{{{WebSet.OldImage}}}}}","volumeMounts":[{"name":"data","mountPath":"/usr/share/nginx/html"}]}]}},
        "volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}]}}
        """;
}
