using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Events;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Workloads.Sandboxes;

namespace Orleans.StatefulSets.Grains.Nodes.Runtime;

/// <summary>Asks one probe of one instance of a container again and again, as the kubelet's prober does (<c>pkg/kubelet/prober/worker.go</c>).</summary>
/// <param name="live">The pod.</param>
/// <param name="container">The container.</param>
/// <param name="life">The instance.</param>
/// <param name="kind">Which of its probes.</param>
/// <param name="probe">The probe.</param>
internal sealed class ProbeLoop(LivePod live, V1Container container, ContainerLife life, ProbeKind kind, V1Probe probe)
{
    private readonly PodHandler handler = PodHandler.Of(probe);
    private readonly TimeSpan timeout = TimeSpan.FromSeconds(Math.Max(1, probe.TimeoutSeconds ?? 1));
    private readonly TimeSpan period = TimeSpan.FromSeconds(Math.Max(1, probe.PeriodSeconds ?? 10));
    private long asked;

    private bool HasEnded => life.Probed.IsCancellationRequested || live.RunOf(container.Name, life.Restarts) is null or { Exit: not null };

    /// <summary>Runs until the instance ends, or the probe has nothing more to say of it.</summary>
    public async Task RunAsync()
    {
        try
        {
            var count = ProbeCount.Of(probe, kind);
            var next = life.StartedAt + TimeSpan.FromSeconds(probe.InitialDelaySeconds ?? 0);
            while (true)
            {
                if (next - live.Time.GetUtcNow() is { Ticks: > 0 } left)
                {
                    await Task.Delay(left, live.Time, life.Probed);
                }

                // A kubelet that hangs asks nothing. It may hang again before the question is put: then the answer does not count.
                var freezes = live.Freezes;
                await live.GoingOnAsync().WaitAsync(life.Probed);
                if (HasEnded)
                {
                    return;
                }

                count = await AskAsync(count, freezes);
                if ((kind == ProbeKind.Startup && count.Verdict == true) || (kind != ProbeKind.Readiness && count.Verdict == false))
                {
                    return;
                }

                next = NextAfter(next);
            }
        }
        catch (OperationCanceledException)
        {
            // The instance ended.
        }
    }

    // It is asked by the clock, however long an answer takes; what was missed meanwhile is not made up for.
    private DateTimeOffset NextAfter(DateTimeOffset last)
    {
        var now = live.Time.GetUtcNow();
        var missed = now > last ? (now - last).Ticks / period.Ticks : 0;
        return last + ((missed + 1) * period);
    }

    private async Task<ProbeCount> AskAsync(ProbeCount count, int freezes)
    {
        var outcome = await live.FaultAsync(container, kind, handler, timeout, asked++) ?? await live.Sandbox.HandleAsync(container, handler, timeout);
        if (HasEnded || live.Freezes != freezes)
        {
            // What came late because the machine hung says nothing of the container.
            return count;
        }

        var next = count.Next(outcome.Succeeded);
        if (!outcome.Succeeded)
        {
            live.Tell(ObjectEvent.WarningType, container.Name, "Unhealthy", $"{kind} probe failed: {outcome.Message}");
        }

        if (next.Verdict != count.Verdict)
        {
            await ConcludeAsync(next);
        }

        return next;
    }

    private async Task ConcludeAsync(ProbeCount count)
    {
        switch (kind, count.Verdict)
        {
            case (ProbeKind.Startup, true):
                live.Started(container, life);
                break;
            case (ProbeKind.Readiness, { } ready):
                live.Update(container.Name, life.Restarts, run => run with { Ready = ready });
                break;
            case (_, false):
                live.Tell(ObjectEvent.NormalType, container.Name, "Killing", live.KillingText(container, kind));
                await live.EndAsync(container, life.Restarts, TimeSpan.FromSeconds(probe.TerminationGracePeriodSeconds ?? live.GraceSeconds));
                break;
        }
    }
}
