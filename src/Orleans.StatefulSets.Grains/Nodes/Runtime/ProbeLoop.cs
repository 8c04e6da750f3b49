using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Events;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Workloads.Sandboxes;

namespace Orleans.StatefulSets.Grains.Nodes.Runtime;

/// <summary>Asks one probe of one instance of a container again and again, as the kubelet's prober does (<c>pkg/kubelet/prober/worker.go</c>).</summary>
/// <param name="live">The pod.</param>
/// <param name="container">The container.</param>
/// <param name="restarts">Which instance.</param>
/// <param name="kind">Which of its probes.</param>
/// <param name="probe">The probe.</param>
internal sealed class ProbeLoop(LivePod live, V1Container container, int restarts, ProbeKind kind, V1Probe probe)
{
    private readonly PodHandler handler = PodHandler.Of(probe);
    private readonly TimeSpan timeout = TimeSpan.FromSeconds(probe.TimeoutSeconds ?? 1);
    private readonly TimeSpan period = TimeSpan.FromSeconds(Math.Max(1, probe.PeriodSeconds ?? 10));

    /// <summary>Runs until the instance ends, or the probe ends it.</summary>
    public async Task RunAsync(CancellationToken ended)
    {
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(probe.InitialDelaySeconds ?? 0), live.Time, ended);
            var count = ProbeCount.Of(probe, kind);
            while (!ended.IsCancellationRequested)
            {
                // The other probes begin when the container has started.
                if (kind == ProbeKind.Startup || live.RunOf(container.Name, restarts) is { Started: true })
                {
                    count = await AskAsync(count);
                    if (live.RunOf(container.Name, restarts) is null or { Exit: not null } || (kind == ProbeKind.Startup && count.Verdict == true)
                        || (kind != ProbeKind.Readiness && count.Verdict == false))
                    {
                        return;
                    }
                }

                await Task.Delay(period, live.Time, ended);
            }
        }
        catch (OperationCanceledException)
        {
            // The instance ended.
        }
    }

    private async Task<ProbeCount> AskAsync(ProbeCount count)
    {
        var outcome = await live.Sandbox.HandleAsync(container, handler, timeout);
        if (live.RunOf(container.Name, restarts) is null or { Exit: not null })
        {
            return count;
        }

        var next = count.Next(outcome.Succeeded);
        if (!outcome.Succeeded)
        {
            live.Tell(ObjectEvent.WarningType, container.Name, "Unhealthy", $"{kind} probe {(handler.Exec is not null && outcome.Message.Length == 0 ? "failed: " : "failed: " + outcome.Message)}");
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
                live.Update(container.Name, restarts, run => run with { Started = true, Ready = container.ReadinessProbe is null });
                break;
            case (ProbeKind.Readiness, { } ready):
                live.Update(container.Name, restarts, run => run with { Ready = ready });
                break;
            case (_, false):
                live.Tell(ObjectEvent.NormalType, container.Name, "Killing", $"Container {container.Name} failed {kind.ToString().ToLowerInvariant()} probe, will be restarted");
                await live.EndAsync(container, restarts, TimeSpan.FromSeconds(probe.TerminationGracePeriodSeconds ?? live.GraceSeconds));
                break;
        }
    }
}
