using System.Collections.Concurrent;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Time;
using Orleans.StatefulSets.Reconciliation.Faults;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Faults;

namespace Orleans.StatefulSets.Grains.Faults;

/// <inheritdoc cref="IRequestFaults"/>
internal sealed class RequestFaults(ReplicaSet replicas, ClusterClock clock, FaultInjections injections) : IRequestFaults
{
    // The requests that a fault was asked of are numbered, each process for itself: one request after another meets the same again.
    private readonly ConcurrentDictionary<string, long> asked = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public bool Any
    {
        get
        {
            foreach (var fault in replicas.Faults.All)
            {
                if (fault.Action is FaultActions.APIError or FaultActions.APIDelay)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<TimeSpan> DelayOfAsync(FaultedRequest request)
    {
        var delay = TimeSpan.Zero;
        foreach (var fault in replicas.Faults.Of(FaultActions.APIDelay, clock.Now))
        {
            delay += await HitsAsync(fault, request) ? fault.Delay : TimeSpan.Zero;
        }

        return delay;
    }

    /// <inheritdoc/>
    public async ValueTask<ApiException?> RefusalOfAsync(FaultedRequest request)
    {
        foreach (var fault in replicas.Faults.Of(FaultActions.APIError, clock.Now))
        {
            if (await HitsAsync(fault, request))
            {
                return RequestRefusals.Of(fault, request);
            }
        }

        return null;
    }

    private async ValueTask<bool> HitsAsync(ArmedFault fault, FaultedRequest request)
    {
        if (!fault.Selects(request))
        {
            return false;
        }

        Forget();
        var attempt = asked.AddOrUpdate(fault.Uid, 0, (_, last) => last + 1);
        return fault.Strikes($"{request.Verb} {request.ResourceWithGroup} {request.Namespace}/{request.Name}", attempt) && await injections.TakeAsync(fault);
    }

    // Faults that are over leave their numbers behind; the bound on them is how many happen at once.
    private void Forget()
    {
        var happening = replicas.Faults.All;
        if (asked.Count <= happening.Count)
        {
            return;
        }

        foreach (var uid in asked.Keys.Where(uid => happening.All(fault => fault.Uid != uid)))
        {
            asked.TryRemove(uid, out _);
        }
    }
}
