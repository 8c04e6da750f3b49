using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Workloads.Sandboxes;

namespace Orleans.StatefulSets.Grains.Nodes.Runtime;

/// <content>What goes wrong with it on purpose.</content>
internal sealed partial class LivePod
{
    private TaskCompletionSource? thawing;

    /// <summary>How often it has stood still.</summary>
    public int Freezes { get; private set; }

    /// <summary>It stands still, or goes on where it was.</summary>
    public void Freeze(bool frozen)
    {
        lock (gate)
        {
            if (frozen != (thawing is not null))
            {
                Sandbox.Freeze(frozen);
                thawing?.TrySetResult();
                thawing = frozen ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : null;
                Freezes += frozen ? 1 : 0;
            }
        }
    }

    /// <summary>Completes when it does not stand still.</summary>
    public Task GoingOnAsync()
    {
        lock (gate)
        {
            return thawing?.Task ?? Task.CompletedTask;
        }
    }

    /// <summary>What a fault makes of a probe; null where there is none.</summary>
    public async ValueTask<HandlerOutcome?> FaultAsync(V1Container container, ProbeKind kind, PodHandler handler, TimeSpan timeout, long attempt) =>
        services.Faults.OfProbe(Pod, container, kind.ToString().ToLowerInvariant(), attempt) is { } fault && await services.Faults.TakeAsync(fault)
            ? Sandbox.Unanswered(container, handler, timeout)
            : null;
}
