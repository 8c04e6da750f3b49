using System.Collections.Concurrent;
using Orleans.StatefulSets.Grains.Faults;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Faults;

namespace Orleans.StatefulSets.Api.Tests.Faults;

/// <summary>Does to requests what a test says.</summary>
internal sealed class ScriptedFaults : IRequestFaults
{
    /// <summary>What was asked of, in order.</summary>
    public ConcurrentQueue<FaultedRequest> Asked { get; } = new();

    public Func<FaultedRequest, TimeSpan> Delay { get; set; } = _ => TimeSpan.Zero;

    public Func<FaultedRequest, ApiException?> Refusal { get; set; } = _ => null;

    public bool Any { get; set; } = true;

    public ValueTask<TimeSpan> DelayOfAsync(FaultedRequest request)
    {
        Asked.Enqueue(request);
        return new(Delay(request));
    }

    public ValueTask<ApiException?> RefusalOfAsync(FaultedRequest request) => new(Refusal(request));
}
