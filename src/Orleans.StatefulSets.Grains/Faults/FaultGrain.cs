using k8s.Models;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.StatefulSets.Grains.Disruption;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Reconciliation.Faults;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Faults;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Faults;

/// <inheritdoc cref="IFaultGrain"/>
[Reentrant]
internal sealed partial class FaultGrain(ObjectServices services, PodEvictions evictions, TimeProvider wall, ILogger<FaultGrain> logger)
    : ObjectGrain(services), IFaultGrain
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    // However often a fault happens, its count is written a few times a second of the host.
    private static readonly TimeSpan CountingPause = TimeSpan.FromMilliseconds(250);

    private DecisionLoop loop = null!;
    private DecisionLoop counting = null!;
    private FaultedMachines machines = null!;
    private (string Uid, int Times) happened = ("", 0);

    /// <inheritdoc/>
    public async Task<bool> Take(string uid)
    {
        try
        {
            return await ChangeAsync<V1alpha1Fault>(uid, fault => FaultDecision.Grant(fault, Now)) is { Outcome: Resources.Writing.WriteOutcome.Updated };
        }
        catch (ApiException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public Task Happened(string uid, int times)
    {
        happened = (uid, happened.Uid == uid ? happened.Times + times : times);
        counting.Wake();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override void GoOn() => loop.Wake();

    /// <inheritdoc/>
    protected override Task LoadedAsync(CancellationToken cancellation)
    {
        machines = new FaultedMachines(Services, evictions);
        loop = NewLoop(DecideAsync, failure =>
        {
            LogFailed(failure, Key);
            NudgeAt(Now + RetryAfter);
        });
        counting = NewLoop(CountAsync, failure => LogFailed(failure, Key), pause: () => Task.Delay(CountingPause, wall));
        loop.Wake();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override void Committed(Carried carried) => loop.Wake();

    private async Task DecideAsync()
    {
        while (Current is { } item)
        {
            var fault = item.As<V1alpha1Fault>();
            var step = FaultDecision.Next(Situation(fault));
            await machines.LiftAsync(fault, step.Lift);
            if (step.Next is { } next && !await WriteRevisionsAsync(item, [next], step.Removed))
            {
                continue;
            }

            foreach (var told in step.Events)
            {
                Services.Events.Record(told, item);
            }

            await machines.KillAsync(step.Kill);
            await machines.StrikeAsync(fault, step.Strike);
            await machines.EvictAsync(step.Evict);
            if (step.Next is null)
            {
                Await(step.DueAt);
                return;
            }
        }
    }

    private FaultSituation Situation(V1alpha1Fault fault) => new()
    {
        Fault = fault,
        Nodes = Services.Replicas.List(ResourceKinds.Nodes.Resource, null).Select(node => node.As<V1Node>()),
        NodeOf = name => Services.Replicas.Find(ResourceKinds.Nodes.Key("", name))?.As<V1Node>(),
        Pods = PodsOf(new ArmedFault(fault)),
        PodsOn = node => Services.Replicas.Nodes.PodsOn(node).Select(Services.Replicas.Find).OfType<StoredObject>().Select(pod => pod.As<V1Pod>()),
        Now = Now,
    };

    private IEnumerable<V1Pod> PodsOf(ArmedFault armed) => Services.Replicas.List(ResourceKinds.Pods.Resource, null)
        .Where(pod => armed.MaySelect(pod.Key.Namespace, pod.Key.Name, pod.Labels)).Select(pod => pod.As<V1Pod>());

    private async Task CountAsync()
    {
        var (uid, times) = happened;
        happened = (uid, 0);
        if (times > 0)
        {
            await ChangeAsync<V1alpha1Fault>(uid, fault => fault.Status is null ? null : FaultDecision.Count(fault, times));
        }
    }

    private void Await(DateTime? due)
    {
        if (due is { } moment)
        {
            NudgeAt(moment);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Fault} could not be carried on; it is tried again")]
    private partial void LogFailed(Exception failure, ObjectKey fault);
}
