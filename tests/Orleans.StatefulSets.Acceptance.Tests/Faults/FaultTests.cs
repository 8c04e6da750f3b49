using Orleans.StatefulSets.Acceptance.Tests.Kubectl;
using Orleans.StatefulSets.Acceptance.Tests.Servers;
using Orleans.StatefulSets.Resources.Faults;

namespace Orleans.StatefulSets.Acceptance.Tests.Faults;

/// <summary>Faults as one makes, watches and lifts them with kubectl.</summary>
public sealed class FaultTests
{
    private static readonly string Examples = Path.Combine(AppContext.BaseDirectory, "Faults");

    private const string Web = """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: { name: web }
        spec:
          serviceName: web
          replicas: 2
          selector: { matchLabels: { app: web } }
          template:
            metadata: { labels: { app: web } }
            spec:
              containers:
              - name: nginx
                image: nginx
                readinessProbe: { httpGet: { port: 80 }, periodSeconds: 1, failureThreshold: 1 }
          volumeClaimTemplates:
          - metadata: { name: www }
            spec: { accessModes: [ ReadWriteOnce ], resources: { requests: { storage: 1Gi } } }
        """;

    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task A_fault_is_made_shown_explained_and_lifted(string version)
    {
        await using var server = await ServerProcess.StartAsync("--latency", "none", "--storage", "memory", "--speed", "20");
        var kubectl = await server.OpenAsync(version);
        Assert.Contains("fault", await kubectl.OutputAsync("api-resources --api-group=emulator.statefulsets"), StringComparison.Ordinal);
        Assert.Contains("One of NodeCrash, NodeFreeze, NodeDrain, NodeRemove", Joined(await kubectl.OutputAsync("explain faults.spec.action")), StringComparison.Ordinal);

        var crash = Fault("crash", "action: NodeCrash, selector: { nodes: [ node-2 ] }");
        await ApplyAsync(kubectl, crash, "fault.emulator.statefulsets/crash created");
        await ApplyAsync(kubectl, crash, "fault.emulator.statefulsets/crash unchanged");
        await kubectl.UntilShownAsync("get faults", row => row is ["crash", "NodeCrash", "1", "Active", _]);
        Assert.Equal(["NAME", "ACTION", "INJECTIONS", "PHASE", "AGE"], (await kubectl.TableAsync("get faults"))[0]);
        await kubectl.UntilShownAsync("get nodes", row => row[0] == "node-2" && row[1] == "NotReady");
        Assert.Matches(@"Action:\s+NodeCrash\n", await kubectl.OutputAsync("describe fault crash"));
        await kubectl.UntilToldAsync("describe fault crash", "NodeCrash began on node-2");

        Assert.Contains(
            "spec: Forbidden: may not be changed in an update: delete the Fault and make another one",
            await RefusedAsync(kubectl, Fault("crash", "action: NodeCrash, selector: { nodes: [ node-1 ] }")),
            StringComparison.Ordinal);
        Assert.Contains("unknown field \"spec.whom\"", await RefusedAsync(kubectl, Fault("odd", "action: NodeCrash, whom: me")), StringComparison.Ordinal);
        Assert.Contains(
            "spec.selector.verbs: Forbidden: may not be specified when `action` is 'NodeCrash'",
            await RefusedAsync(kubectl, Fault("odd", "action: NodeCrash, selector: { nodes: [ a ], verbs: [ get ] }")),
            StringComparison.Ordinal);

        Assert.Contains("\"crash\" deleted", await kubectl.OutputAsync("delete fault crash"), StringComparison.Ordinal);
        await kubectl.UntilShownAsync("get nodes", row => row[0] == "node-2" && row[1] == "Ready");
    }

    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task What_goes_wrong_with_pods_is_seen_in_them(string version)
    {
        await using var server = await ServerProcess.StartAsync("--latency", "none", "--storage", "memory", "--speed", "20");
        var kubectl = await server.OpenAsync(version);
        await kubectl.CreateAsync(Fault("pull", "action: ImagePullFailure, selector: { images: [ nginx ] }"));
        await kubectl.CreateAsync(Fault("volume", "action: VolumeProvisioningFailure, selector: { claims: [ www-web-1 ] }"));
        await kubectl.CreateAsync(Web);
        await kubectl.UntilShownAsync("get pods", row => row is ["web-0", "0/1", "ImagePullBackOff", ..]);
        await kubectl.OutputAsync("delete fault pull");
        await kubectl.UntilShownAsync("get pods", row => row is ["web-0", "1/1", "Running", ..]);

        await kubectl.UntilToldAsync("get events -o custom-columns=M:.message --no-headers", "failed to provision volume with StorageClass \"standard\"");
        Assert.Equal("Pending", (await kubectl.TableAsync("get pvc www-web-1"))[1][1]);
        await kubectl.OutputAsync("delete fault volume");
        await kubectl.OutputAsync("rollout status sts/web --timeout=50s");

        await kubectl.CreateAsync(Fault("probe", "action: ProbeFailure, probe: readiness, selector: { pods: [ web-1 ] }"));
        await kubectl.UntilShownAsync("get pods", row => row is ["web-1", "0/1", "Running", ..]);
        await kubectl.OutputAsync("delete fault probe");
        await kubectl.UntilShownAsync("get pods", row => row is ["web-1", "1/1", "Running", ..]);

        await kubectl.CreateAsync(Fault("kill", "action: ContainerKill, selector: { pods: [ web-0 ] }"));
        await kubectl.UntilShownAsync("get pods", row => row[0] == "web-0" && row[1] == "1/1" && row[3].StartsWith("1 (", StringComparison.Ordinal));
        Assert.Equal("137", await kubectl.OutputAsync("get pod web-0 -o jsonpath={.status.containerStatuses[0].lastState.terminated.exitCode}"));
        await kubectl.UntilShownAsync("get faults", row => row is ["kill", "ContainerKill", "1", "Finished", _]);
    }

    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task Requests_are_refused_and_delayed_until_that_is_lifted(string version)
    {
        await using var server = await ServerProcess.StartAsync("--latency", "none", "--storage", "memory");
        var kubectl = await server.OpenAsync(version);
        await kubectl.CreateAsync(Fault("error", "action: APIError, statusCode: 503"));
        await Deadline.WaitAsync(TimeSpan.FromSeconds(30), async () => (await kubectl.RunAsync("get pods")).ExitCode == 1, () => "requests are not refused");
        Assert.Contains(
            "(ServiceUnavailable): the server is currently unable to handle the request: fault \"error\" of emulator.statefulsets", await kubectl.RefusalAsync("get pods"), StringComparison.Ordinal);
        Assert.Equal("ok", await server.Client.GetStringAsync("/readyz"));
        await kubectl.OutputAsync("delete fault error");
        await Deadline.WaitAsync(TimeSpan.FromSeconds(30), async () => (await kubectl.RunAsync("get pods")).ExitCode == 0, () => "requests are still refused");

        await kubectl.CreateAsync(Fault("late", "action: APIDelay, delay: 3s, count: 1, selector: { resources: [ pods ], userAgents: [ kubectl* ] }"));
        await kubectl.UntilShownAsync("get faults", row => row is ["late", "APIDelay", "0", "Active", _]);
        var began = TimeProvider.System.GetTimestamp();
        await kubectl.OutputAsync("get pods");
        Assert.True(TimeProvider.System.GetElapsedTime(began) >= TimeSpan.FromSeconds(2.9));
        await kubectl.UntilShownAsync("get faults", row => row is ["late", "APIDelay", "1", "Finished", _]);
    }

    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task Every_example_is_accepted(string version)
    {
        await using var server = await ServerProcess.StartAsync("--latency", "none", "--storage", "memory");
        var kubectl = await server.OpenAsync(version);

        var made = await kubectl.OutputAsync($"apply --validate=strict --dry-run=server -f {Examples} -o jsonpath={{.items[*].spec.action}}");
        Assert.Equal(FaultActions.All.Order(StringComparer.Ordinal), made.Split(' ').Order(StringComparer.Ordinal));
    }

    private static string Fault(string name, string spec) => $"apiVersion: emulator.statefulsets/v1alpha1\nkind: Fault\nmetadata: {{ name: {name} }}\nspec: {{ {spec} }}\n";

    private static string Joined(string text) => string.Join(' ', text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));

    private static async Task ApplyAsync(KubectlSession kubectl, string manifest, string answer) => Assert.Equal(answer, await kubectl.OutputAsync($"apply -f {await FileAsync(manifest)}"));

    private static async Task<string> RefusedAsync(KubectlSession kubectl, string manifest) => await kubectl.RefusalAsync($"apply -f {await FileAsync(manifest)}");

    private static async Task<string> FileAsync(string manifest)
    {
        var file = Path.Combine(Path.GetTempPath(), $"fault-{Path.GetRandomFileName()}.yaml");
        await File.WriteAllTextAsync(file, manifest);
        return file;
    }
}
