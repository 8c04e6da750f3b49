using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Events;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Reconciliation.Tests.Pods;

/// <summary>Carries a pod through its life as a node would, on a clock that jumps to the next due moment, and keeps every stored state.</summary>
internal sealed class PodWalk(V1Pod pod, PodLatencies latencies)
{
    internal static readonly DateTime Start = new(2025, 6, 1, 12, 0, 0, 900, DateTimeKind.Utc);

    private DateTime? since = Start;
    private bool stopAnnounced;
    private bool pullAnnounced;
    private bool killAnnounced;
    private readonly Dictionary<string, int> forgivenAt = [];
    private string? address;
    private int addresses;

    internal V1Pod Pod { get; private set; } = pod;

    internal DateTime Now { get; set; } = Start;

    internal bool ImagePresent { get; init; } = true;

    internal bool VolumesReady { get; set; } = true;

    internal DateTime? BootedAt { get; set; }

    /// <summary>Where it stops of itself; a container that ends again and again never settles.</summary>
    internal DateTime Until { get; set; } = DateTime.MaxValue;

    internal AdmissionRefusal? Refusal { get; init; }

    /// <summary>What runs its containers; by default none does.</summary>
    internal WalkedRuntime Runtime { get; init; } = new();

    internal Dictionary<string, ImageProblem> ImageProblems { get; } = [];

    internal Dictionary<string, PullTries> PullTries { get; } = [];

    internal Dictionary<string, int> Killed { get; } = [];

    internal List<string> Watch { get; } = [];

    internal List<ObjectEvent> Events { get; } = [];

    internal List<DateTime> EventTimes { get; } = [];

    internal bool IsRemoved { get; private set; }

    internal KubeletStep Ask() => KubeletDecision.Next(new KubeletSituation
    {
        Pod = Pod,
        NodeName = Pod.Spec.NodeName,
        HostIP = "192.168.49.2",
        PodIP = address,
        VolumesReady = VolumesReady,
        ImagePresent = ImagePresent,
        Refusal = Refusal,
        Since = since,
        StopAnnounced = stopAnnounced,
        PullAnnounced = pullAnnounced,
        BootedAt = BootedAt,
        ForgivenAt = forgivenAt,
        KillAnnounced = killAnnounced,
        ImageProblems = ImageProblems,
        PullTries = PullTries,
        Killed = Killed,
        RunForReal = Runtime.Real,
        Runs = Runtime.Runs,
        Now = Now,
        Latencies = latencies,
    });

    /// <summary>Takes one step, waiting for it if it is due later; false when only news from outside would go on.</summary>
    internal bool Step()
    {
        var step = Ask();
        Events.AddRange(step.Events);
        EventTimes.AddRange(step.Events.Select(_ => Now));
        stopAnnounced |= step.AnnouncedStop;
        pullAnnounced |= step.AnnouncedPull;
        killAnnounced |= step.AnnouncedKill;
        address = step.SandboxLost ? null : address;
        foreach (var name in step.Forgiven)
        {
            forgivenAt[name] = Pod.Status.ContainerStatuses.First(status => status.Name == name).RestartCount;
        }

        foreach (var name in step.PullsFailed)
        {
            PullTries[name] = new PullTries((PullTries.GetValueOrDefault(name)?.Count ?? 0) + 1, Now);
        }

        if (step.NeedsPodIP)
        {
            Assert.Null(step.Status);
            address = $"10.244.0.{2 + addresses++}";
            return true;
        }

        if (step.Actions.Count > 0)
        {
            Assert.True(step.Status is null && step.Deletion == FinalDeletion.None, "the runtime's work comes first");
            Runtime.Act(step.Actions, Now);
            return true;
        }

        if (step.Status is null && step.Deletion == FinalDeletion.None && Due(step) is { } due)
        {
            return Wait(due);
        }

        Assert.False(step.Status is not null && step.Deletion != FinalDeletion.None, "one write a step");
        if (step.Status is not null)
        {
            Store(Pod with { Status = step.Status });
            return true;
        }

        if (step.Deletion == FinalDeletion.MarkGraceZero)
        {
            Store(Pod with { Metadata = Pod.Metadata with { DeletionGracePeriodSeconds = 0 } });
            return true;
        }

        IsRemoved = step.Deletion == FinalDeletion.Remove;
        return false;
    }

    // The next moment at which something happens: of the kubelet's own plan, or in the runtime.
    private DateTime? Due(KubeletStep step)
    {
        Assert.False(step.DueAt <= Now, "a step that is due already must be taken, not announced");
        return Runtime.NextAt is { } news && (step.DueAt is null || news < step.DueAt) ? news : step.DueAt;
    }

    private bool Wait(DateTime due)
    {
        if (due > Until)
        {
            Now = Until;
            return false;
        }

        Now = due > Now ? due : Now;
        Runtime.Advance(Now);
        return true;
    }

    internal PodWalk Run()
    {
        for (var steps = 0; Step(); steps++)
        {
            Assert.True(steps < 100, "the walk does not settle: " + string.Join(" | ", Watch.TakeLast(5)));
        }

        return this;
    }

    internal PodWalk Delete(int graceSeconds = 30)
    {
        var seconds = new DateTime(Now.Ticks - (Now.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);
        Store(Pod with
        {
            Metadata = Pod.Metadata with { DeletionTimestamp = seconds.AddSeconds(graceSeconds), DeletionGracePeriodSeconds = graceSeconds },
        });
        return this;
    }

    /// <summary>The process ends and another goes on, with nothing but the stored bytes.</summary>
    internal void Restart()
    {
        Pod = ObjectJson.Decode<V1Pod>(ObjectJson.Encode(Pod));
        since = null;
        (stopAnnounced, pullAnnounced, killAnnounced) = (false, false, false);
    }

    internal void Store(V1Pod pod)
    {
        Pod = pod;
        since = Now;
        Watch.Add(Line(pod));
    }

    private static string Line(V1Pod pod)
    {
        var restarts = pod.Status.ContainerStatuses?.Sum(status => status.RestartCount) is > 0 and var count ? $" restarts={count}" : "";
        var containers = (pod.Status.InitContainerStatuses ?? []).Concat(pod.Status.ContainerStatuses ?? [])
            .Select(status => $"{status.Name}:{State(status)}{(status.Ready ? "+" : "")}");
        var grace = pod.Metadata.DeletionTimestamp is null ? "" : $" grace={pod.Metadata.DeletionGracePeriodSeconds}";
        return $"{pod.Status.Phase} ready={PodReadiness.IsReady(pod)} [{string.Join(' ', containers)}] ip={pod.Status.PodIP ?? "-"}{restarts}{grace}";
    }

    private static string State(V1ContainerStatus status) =>
        status.State.Waiting?.Reason ?? status.State.Terminated?.Reason ?? (status.State.Running is null ? "?" : "Running");
}
