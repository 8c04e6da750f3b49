using System.Globalization;
using System.Text.Json;
using Orleans.StatefulSets.Acceptance.Tests.Kubectl;
using Orleans.StatefulSets.Acceptance.Tests.Servers;

namespace Orleans.StatefulSets.Acceptance.Tests.Nodes;

/// <summary>What kubectl shows while a machine is off, at a hundred times the speed of the wall clock.</summary>
public sealed class NodeLossTests
{
    private const string Web = """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: { name: web }
        spec:
          serviceName: web
          replicas: 3
          selector: { matchLabels: { app: web } }
          template:
            metadata: { labels: { app: web } }
            spec: { containers: [ { name: nginx, image: nginx } ] }
        """;

    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task A_machine_that_is_off_for_ten_minutes_is_missed_after_50_seconds_loses_its_pod_after_300_more_and_takes_it_back(string version)
    {
        await using var server = await ServerProcess.StartAsync("--latency", "none", "--storage", "memory", "--speed", "100");
        var kubectl = await server.OpenAsync(version);
        await kubectl.CreateAsync(Web);
        await kubectl.OutputAsync("rollout status sts/web --timeout=30s");
        var before = await kubectl.JsonAsync("get pod web-1");
        var node = before.GetProperty("spec").GetProperty("nodeName").GetString()!;
        var uid = Uid(before);

        await kubectl.OutputAsync($"annotate node {node} emulator.statefulsets/power=off");
        await kubectl.UntilShownAsync("get nodes", row => row[0] == node && row[1] == "NotReady");
        await kubectl.UntilShownAsync("get sts web", row => row is ["web", "2/3", ..]);
        var off = await kubectl.JsonAsync($"get node {node}");
        var wentOff = Time(off.GetProperty("metadata").GetProperty("annotations").GetProperty("emulator.statefulsets/power-off-since"));
        var ready = off.GetProperty("status").GetProperty("conditions").EnumerateArray().Single(condition => Text(condition, "type") == "Ready");
        Assert.Equal(("Unknown", "NodeStatusUnknown"), (Text(ready, "status"), Text(ready, "reason")));

        // The grace counts from the last renewal, at most ten seconds before; the clock goes on while this is carried out.
        Assert.InRange((Time(ready.GetProperty("lastTransitionTime")) - wentOff).TotalSeconds, 40, 80);
        Assert.Matches($@"HolderIdentity:\s+{node}\n\s+AcquireTime:\s+<unset>\n\s+RenewTime:\s+\w+", await kubectl.OutputAsync($"describe node {node}"));

        await kubectl.UntilShownAsync("get pods", row => row is ["web-1", _, "Terminating", ..]);
        var evicted = await kubectl.JsonAsync("get pod web-1");
        var tainted = (await kubectl.JsonAsync($"get node {node}")).GetProperty("spec").GetProperty("taints").EnumerateArray().Single(taint => Text(taint, "effect") == "NoExecute");
        var asked = Time(evicted.GetProperty("metadata").GetProperty("deletionTimestamp")).AddSeconds(-30);
        Assert.Equal("node.kubernetes.io/unreachable", Text(tainted, "key"));
        Assert.InRange((asked - Time(tainted.GetProperty("timeAdded"))).TotalSeconds, 300, 340);

        await SimulatedTimeAsync(kubectl, node == "node-1" ? "node-2" : "node-1", wentOff.AddMinutes(10));
        Assert.Equal(uid, Uid(await kubectl.JsonAsync("get pod web-1")));
        await kubectl.UntilShownAsync("get sts web", row => row is ["web", "2/3", ..]);

        await kubectl.OutputAsync($"annotate node {node} emulator.statefulsets/power-");
        await kubectl.OutputAsync("rollout status sts/web --timeout=30s");
        await kubectl.UntilShownAsync("get sts web", row => row is ["web", "3/3", ..]);
        await kubectl.UntilShownAsync("get nodes", row => row[0] == node && row[1] == "Ready");
        Assert.NotEqual(uid, Uid(await kubectl.JsonAsync("get pod web-1")));
        foreach (var sentence in (string[])["Marking for deletion Pod test-", $"Node {node} status is now: NodeNotReady", $"Node {node} has been rebooted, boot id: "])
        {
            await kubectl.UntilToldAsync("get events -A -o custom-columns=M:.message --no-headers", sentence);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task A_node_is_created_resized_and_deleted_with_its_pods(string version)
    {
        await using var server = await ServerProcess.StartAsync("--latency", "none", "--storage", "memory", "--speed", "100", "--nodes", "1");
        var kubectl = await server.OpenAsync(version);
        await kubectl.OutputAsync("cordon node-1");
        await kubectl.CreateAsync(Web);
        Assert.Equal("node/big created", await kubectl.CreateAsync("""{"apiVersion":"v1","kind":"Node","metadata":{"name":"big","labels":{"disk":"ssd"}},"status":{"capacity":{"cpu":"64"}}}"""));

        await kubectl.OutputAsync("rollout status sts/web --timeout=30s");
        await kubectl.UntilShownAsync("get nodes", row => row is ["big", "Ready", ..]);
        Assert.Equal("64", Text((await kubectl.JsonAsync("get node big")).GetProperty("status").GetProperty("allocatable"), "cpu"));
        Assert.All((await kubectl.TableAsync("get pods -o wide")).Skip(1), row => Assert.Contains("big", row));

        await kubectl.OutputAsync("""patch node big --subresource=status -p '{"status":{"capacity":{"cpu":"96"}}}'""");
        Assert.Equal("96", Text((await kubectl.JsonAsync("get node big")).GetProperty("status").GetProperty("allocatable"), "cpu"));

        await kubectl.OutputAsync("uncordon node-1");
        await kubectl.OutputAsync("delete node big");
        await kubectl.UntilShownAsync("get pods -o wide", row => row[0] == "web-2" && row.Contains("node-1"));
        await kubectl.OutputAsync("rollout status sts/web --timeout=30s");
        Assert.All((await kubectl.TableAsync("get pods -o wide")).Skip(1), row => Assert.Contains("node-1", row));
    }

    // A machine that runs renews its lease: its heartbeat is the cluster's clock.
    private static Task SimulatedTimeAsync(KubectlSession kubectl, string node, DateTime until) => Deadline.WaitAsync(
        TimeSpan.FromSeconds(30),
        async () => Time((await kubectl.JsonAsync($"get lease {node} -n kube-node-lease")).GetProperty("spec").GetProperty("renewTime")) >= until,
        () => $"the lease of {node} is not renewed until {until:O}");

    private static string Uid(JsonElement item) => Text(item.GetProperty("metadata"), "uid")!;

    private static string? Text(JsonElement item, string field) => item.GetProperty(field).GetString();

    private static DateTime Time(JsonElement text) => DateTime.Parse(text.GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
}
