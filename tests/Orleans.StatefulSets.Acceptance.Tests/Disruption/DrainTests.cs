using System.Text.Json;
using Orleans.StatefulSets.Acceptance.Tests.Kubectl;
using Orleans.StatefulSets.Acceptance.Tests.Servers;

namespace Orleans.StatefulSets.Acceptance.Tests.Disruption;

/// <summary>"Safely Drain a Node", against a budget.</summary>
public sealed class DrainTests
{
    private const string Guarded = """
        apiVersion: v1
        kind: List
        items:
        - apiVersion: apps/v1
          kind: StatefulSet
          metadata: { name: web }
          spec:
            serviceName: web
            replicas: 3
            selector: { matchLabels: { app: web } }
            template:
              metadata: { labels: { app: web } }
              spec: { containers: [ { name: nginx, image: nginx } ] }
        - apiVersion: policy/v1
          kind: PodDisruptionBudget
          metadata: { name: guard }
          spec: { minAvailable: 2, selector: { matchLabels: { app: web } } }
        """;

    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task A_node_is_emptied_one_pod_after_another(string version)
    {
        await using var server = await ServerProcess.StartAsync("--latency", "none", "--storage", "memory", "--nodes", "2");
        var kubectl = await server.OpenAsync(version);
        await kubectl.OutputAsync("cordon node-2");
        await kubectl.CreateAsync(Guarded);
        await kubectl.OutputAsync("rollout status sts/web --timeout=30s");
        await BudgetAllowsAsync(kubectl, 1);
        var before = await PodsAsync(kubectl);
        Assert.All(before.Values, pod => Assert.Equal("node-1", pod.Node));
        await kubectl.OutputAsync("uncordon node-2");

        var drained = await kubectl.OutputAsync("drain node-1 --timeout=50s");

        Assert.Contains("node/node-1 drained", drained, StringComparison.Ordinal);
        Assert.All(before.Keys, pod => Assert.Contains($"pod/{pod} evicted", drained, StringComparison.Ordinal));
        await kubectl.OutputAsync("rollout status sts/web --timeout=30s");
        await BudgetAllowsAsync(kubectl, 1);
        var after = await PodsAsync(kubectl);
        Assert.Equal(before.Keys, after.Keys);
        Assert.All(after, pod => Assert.Equal("node-2", pod.Value.Node));
        Assert.All(after, pod => Assert.NotEqual(before[pod.Key].Uid, pod.Value.Uid));
        Assert.Equal(["node-1", "Ready,SchedulingDisabled"], (await kubectl.TableAsync("get nodes"))[1].Take(2));
    }

    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task A_budget_is_shown_in_upstreams_columns_and_words(string version)
    {
        await using var server = await ServerProcess.StartAsync("--latency", "none", "--storage", "memory");
        var kubectl = await server.OpenAsync(version);
        Assert.Equal(
            "poddisruptionbudget.policy/half created", await kubectl.OutputAsync("create poddisruptionbudget half --selector=app=web --max-unavailable=50%"));
        await kubectl.CreateAsync(Guarded);
        await BudgetAllowsAsync(kubectl, 1);

        var table = await kubectl.TableAsync("get pdb");

        Assert.Equal(["NAME", "MIN AVAILABLE", "MAX UNAVAILABLE", "ALLOWED DISRUPTIONS", "AGE"], table[0]);
        Assert.Equal(["guard", "2", "N/A", "1"], table[1].Take(4));
        Assert.Equal(["half", "N/A", "50%", "2"], table[2].Take(4));
        var described = await kubectl.OutputAsync("describe pdb guard");
        Assert.Matches(@"Allowed disruptions:\s+1\n\s+Current:\s+3\n\s+Desired:\s+2\n\s+Total:\s+3", described);
        var refusal = await kubectl.RefusalAsync("drain node-1 --timeout=3s --pod-selector=statefulset.kubernetes.io/pod-name=web-0");
        Assert.Contains("This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.", refusal, StringComparison.Ordinal);
    }

    private static Task BudgetAllowsAsync(KubectlSession kubectl, int disruptions) => Deadline.WaitAsync(
        TimeSpan.FromSeconds(30),
        async () => await kubectl.OutputAsync("get pdb guard -o jsonpath={.status.disruptionsAllowed}") == $"{disruptions}",
        () => $"the budget never allowed {disruptions} disruptions");

    private static async Task<IReadOnlyDictionary<string, (string Node, string Uid)>> PodsAsync(KubectlSession kubectl) =>
        (await kubectl.JsonAsync("get pods")).GetProperty("items").EnumerateArray().ToDictionary(
            pod => Text(pod.GetProperty("metadata"), "name"),
            pod => (Text(pod.GetProperty("spec"), "nodeName"), Text(pod.GetProperty("metadata"), "uid")));

    private static string Text(JsonElement element, string field) => element.GetProperty(field).GetString()!;
}
