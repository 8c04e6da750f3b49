using Orleans.StatefulSets.Acceptance.Tests.Kubectl;
using Orleans.StatefulSets.Acceptance.Tests.Servers;

namespace Orleans.StatefulSets.Acceptance.Tests.Nodes;

/// <summary>Containers that end, as kubectl shows them.</summary>
public sealed class ContainerEndTests
{
    private const string Pods = """
        apiVersion: v1
        kind: List
        items:
        - { apiVersion: v1, kind: Pod, metadata: { name: loops }, spec: { containers: [ { name: c, image: busybox:1.36, command: [ sh, -c, 'sleep 5; exit 2' ] } ] } }
        - { apiVersion: v1, kind: Pod, metadata: { name: done }, spec: { restartPolicy: Never, containers: [ { name: c, image: busybox:1.36, command: [ sleep, '5' ] } ] } }
        - { apiVersion: v1, kind: Pod, metadata: { name: fails }, spec: { restartPolicy: Never, containers: [ { name: c, image: busybox:1.36, command: [ 'false' ] } ] } }
        - apiVersion: v1
          kind: Pod
          metadata: { name: never-starts }
          spec:
            initContainers: [ { name: i, image: busybox:1.36, command: [ 'false' ] } ]
            containers: [ { name: c, image: nginx } ]
        - { apiVersion: v1, kind: Pod, metadata: { name: speaks }, spec: { restartPolicy: Never, containers: [ { name: c, image: busybox:1.36, command: [ sh, -c, 'echo last words > /dev/termination-log; exit 7' ] } ] } }
        - { apiVersion: v1, kind: Pod, metadata: { name: no-program }, spec: { restartPolicy: Never, containers: [ { name: c, image: busybox:1.36, command: [ nosuch ] } ] } }
        - { apiVersion: v1, kind: Pod, metadata: { name: no-image }, spec: { containers: [ { name: c, image: 'nosuch:1.0' } ] } }
        - { apiVersion: v1, kind: Pod, metadata: { name: no-name }, spec: { containers: [ { name: c, image: 'UPPER//case' } ] } }
        - { apiVersion: v1, kind: Pod, metadata: { name: no-config }, spec: { containers: [ { name: c, image: nginx, envFrom: [ { configMapRef: { name: missing } } ] } ] } }
        - { apiVersion: v1, kind: Pod, metadata: { name: on-host }, spec: { nodeName: node-2, hostNetwork: true, containers: [ { name: c, image: nginx, ports: [ { containerPort: 80 } ] } ] } }
        - { apiVersion: v1, kind: Pod, metadata: { name: port-taken }, spec: { nodeName: node-2, containers: [ { name: c, image: nginx, ports: [ { containerPort: 80, hostPort: 80 } ] } ] } }
        - { apiVersion: v1, kind: Pod, metadata: { name: too-big }, spec: { nodeName: node-2, containers: [ { name: c, image: nginx, resources: { requests: { cpu: '99' } } } ] } }
        """;

    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task Every_way_to_end_has_its_word_in_the_status_column(string version)
    {
        await using var server = await ServerProcess.StartAsync("--latency", "none", "--storage", "memory", "--speed", "20", "--unavailable-images", "nosuch*,quay.io/*");
        var kubectl = await server.OpenAsync(version);
        await using var watch = await kubectl.WatchAsync("get pods --watch-only");
        await kubectl.CreateAsync(Pods);

        IReadOnlyList<IReadOnlyList<string>> table = [];
        string Status(string pod) => table.FirstOrDefault(row => row[0] == pod) is { } row ? row[2] : "";
        await Deadline.WaitAsync(
            TimeSpan.FromSeconds(40),
            async () =>
            {
                table = await kubectl.TableAsync("get pods -o wide");
                return (Status("loops"), Status("done"), Status("fails"), Status("never-starts"), Status("on-host"), Status("port-taken"), Status("too-big"))
                    == ("CrashLoopBackOff", "Completed", "Error", "Init:CrashLoopBackOff", "Running", "NodePorts", "OutOfcpu");
            },
            () => string.Join('\n', table.Select(row => string.Join("  ", row))));

        await kubectl.UntilShownAsync("get pods", row => row[0] == "speaks" && row[2] == "Error");
        Assert.Equal("7 last words", await kubectl.OutputAsync("get pod speaks -o jsonpath='{.status.containerStatuses[0].state.terminated.exitCode} {.status.containerStatuses[0].state.terminated.message}'"));
        await kubectl.UntilShownAsync("get pods", row => row[0] == "no-program" && row[2] == "StartError");
        await watch.WaitForLineAsync("no-image 0/1 ErrImagePull 0");
        await kubectl.UntilShownAsync("get pods", row => row[0] == "no-image" && row[2] == "ImagePullBackOff");
        await kubectl.UntilToldAsync("describe pod no-image", "Back-off pulling image \"nosuch:1.0\"");
        await kubectl.UntilShownAsync("get pods", row => row[0] == "no-name" && row[2] == "InvalidImageName");
        await kubectl.UntilShownAsync("get pods", row => row[0] == "no-config" && row[2] == "CreateContainerConfigError");
        await kubectl.CreateConfigMapAsync("missing");
        await kubectl.UntilShownAsync("get pods", row => row[0] == "no-config" && row[2] == "Running");

        Assert.Contains("192.168.49.3", table.Single(row => row[0] == "on-host"));
        var loops = "";
        await Deadline.WaitAsync(
            TimeSpan.FromSeconds(15),
            async () => (loops = await kubectl.OutputAsync("describe pod loops")).Contains("Back-off restarting failed container c in pod loops_test-", StringComparison.Ordinal)
                && loops.Contains("CrashLoopBackOff", StringComparison.Ordinal),
            () => loops);
        Assert.Matches(@"Reason:\s+CrashLoopBackOff", loops);
        Assert.Matches(@"Last State:\s+Terminated\n\s+Reason:\s+Error\n\s+Exit Code:\s+2", loops);
        Assert.Contains("Node didn't have enough resource: cpu, requested: 99000, used: 0, capacity: 8000", await kubectl.OutputAsync("describe pod too-big"), StringComparison.Ordinal);
        await Deadline.WaitAsync(
            TimeSpan.FromSeconds(40),
            async () => (await kubectl.OutputAsync("get pod loops -o jsonpath={.status.containerStatuses[0].restartCount}")) is not ("0" or "1" or "2"),
            () => "loops is not started again");
    }
}
