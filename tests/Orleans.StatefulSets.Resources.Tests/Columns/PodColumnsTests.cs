using k8s.Models;
using Orleans.StatefulSets.Resources.Columns;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Tests.Strategies;

namespace Orleans.StatefulSets.Resources.Tests.Columns;

public sealed class PodColumnsTests
{
    private static readonly Dictionary<string, (string Yaml, string Line)> Cases = new()
    {
        ["pending"] = ("status: { phase: Pending }", "0/1 Pending 0"),
        ["creating"] = (
            "status: { phase: Pending, containerStatuses: [ { name: a, state: { waiting: { reason: ContainerCreating } } } ] }",
            "0/1 ContainerCreating 0"),
        ["running"] = ("status: { phase: Running, containerStatuses: [ { name: a, ready: true, state: { running: {} } } ] }", "1/1 Running 0"),
        ["unready"] = ("status: { phase: Running, containerStatuses: [ { name: a, state: { running: {} } } ] }", "0/1 Running 0"),
        ["crashing"] = (
            "status: { phase: Running, containerStatuses: [ { name: a, restartCount: 3, state: { waiting: { reason: CrashLoopBackOff } }, lastState: { terminated: { exitCode: 1, finishedAt: 2025-01-02T02:59:05Z } } } ] }",
            "0/1 CrashLoopBackOff 3 (5m ago)"),
        ["error"] = ("status: { phase: Failed, containerStatuses: [ { name: a, state: { terminated: { exitCode: 1, reason: Error } } } ] }", "0/1 Error 0"),
        ["exit code"] = ("status: { phase: Failed, containerStatuses: [ { name: a, state: { terminated: { exitCode: 3 } } } ] }", "0/1 ExitCode:3 0"),
        ["signal"] = ("status: { phase: Failed, containerStatuses: [ { name: a, state: { terminated: { exitCode: 137, signal: 9 } } } ] }", "0/1 Signal:9 0"),
        ["evicted"] = ("status: { phase: Failed, reason: Evicted }", "0/1 Evicted 0"),
        ["gated"] = ("status: { phase: Pending, conditions: [ { type: PodScheduled, status: 'False', reason: SchedulingGated } ] }", "0/1 SchedulingGated 0"),
        ["init waiting"] = (
            "spec: { initContainers: [ { name: i }, { name: j } ], containers: [ { name: a } ] }\nstatus: { phase: Pending, initContainerStatuses: [ { name: i, state: { terminated: { exitCode: 0 } } }, { name: j, state: { running: {} } } ], containerStatuses: [ { name: a, state: { waiting: { reason: PodInitializing } } } ] }",
            "0/1 Init:1/2 0"),
        ["init error"] = (
            "spec: { initContainers: [ { name: i } ], containers: [ { name: a } ] }\nstatus: { phase: Pending, initContainerStatuses: [ { name: i, restartCount: 1, state: { terminated: { exitCode: 2 } } } ] }",
            "0/1 Init:ExitCode:2 1"),
        ["init backoff"] = (
            "spec: { initContainers: [ { name: i } ], containers: [ { name: a } ] }\nstatus: { phase: Pending, initContainerStatuses: [ { name: i, state: { waiting: { reason: CrashLoopBackOff } } } ] }",
            "0/1 Init:CrashLoopBackOff 0"),
        ["sidecar"] = (
            "spec: { initContainers: [ { name: i, restartPolicy: Always } ], containers: [ { name: a } ] }\nstatus: { phase: Running, initContainerStatuses: [ { name: i, ready: true, started: true, restartCount: 2, state: { running: {} } } ], containerStatuses: [ { name: a, ready: true, state: { running: {} } } ] }",
            "2/2 Running 2"),
        ["one done, one running"] = (
            "spec: { containers: [ { name: a }, { name: b } ] }\nstatus: { phase: Running, conditions: [ { type: Ready, status: 'True' } ], containerStatuses: [ { name: a, state: { terminated: { reason: Completed } } }, { name: b, ready: true, state: { running: {} } } ] }",
            "1/2 Running 0"),
        ["one done, not ready"] = (
            "spec: { containers: [ { name: a }, { name: b } ] }\nstatus: { phase: Running, containerStatuses: [ { name: a, state: { terminated: { reason: Completed } } }, { name: b, ready: true, state: { running: {} } } ] }",
            "1/2 NotReady 0"),
        ["terminating"] = (
            "metadata: { name: p, deletionTimestamp: 2025-01-02T03:04:05Z }\nstatus: { phase: Running, containerStatuses: [ { name: a, ready: true, state: { running: {} } } ] }",
            "1/1 Terminating 0"),
        ["deleted and finished"] = (
            "metadata: { name: p, deletionTimestamp: 2025-01-02T03:04:05Z }\nstatus: { phase: Succeeded, containerStatuses: [ { name: a, state: { terminated: { reason: Completed } } } ] }",
            "0/1 Completed 0"),
        ["node lost"] = ("metadata: { name: p, deletionTimestamp: 2025-01-02T03:04:05Z }\nstatus: { phase: Running, reason: NodeLost }", "0/1 Unknown 0"),
    };

    public static TheoryData<string> CaseNames => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void Status_InEachState_ReadsAsUpstreamPrintsIt(string name)
    {
        var yaml = Cases[name].Yaml;
        yaml = yaml.Contains("metadata:", StringComparison.Ordinal) ? yaml : "metadata: { name: p }\n" + yaml;
        yaml = yaml.Contains("spec:", StringComparison.Ordinal) ? yaml : "spec: { containers: [ { name: a } ] }\n" + yaml;

        var cells = TableLayouts.For(ResourceKinds.Pods).Cells(Manifests.Parse<V1Pod>(yaml), FixedCluster.Now);

        Assert.Equal(Cases[name].Line, $"{cells[1]} {cells[2]} {cells[3]}");
    }

    [Fact]
    public void WideCells_SayNoneUntilThereIsSomething()
    {
        var pod = Manifests.Parse<V1Pod>("metadata: { name: p, creationTimestamp: 2025-01-02T03:03:05Z }\nspec: { readinessGates: [ { conditionType: x } ] }");

        Assert.Equal(
            ["p", "0/0", "", "0", "60s", "<none>", "<none>", "<none>", "0/1"],
            TableLayouts.For(ResourceKinds.Pods).Cells(pod, FixedCluster.Now));
    }
}
