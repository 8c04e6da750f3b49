using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Faults;

namespace Orleans.StatefulSets.Grains.Faults;

/// <summary>What Faults do to requests to the API. Each process that serves it asks its own copy of the cluster.</summary>
public interface IRequestFaults
{
    /// <summary>Some Fault hits requests now, which ones let be seen. While there is none, this is all that a request costs.</summary>
    bool Any { get; }

    /// <summary>How much later a request is to be answered, in simulated time; zero where nothing hits it.</summary>
    ValueTask<TimeSpan> DelayOfAsync(FaultedRequest request);

    /// <summary>What a request is to be refused with; null where nothing hits it.</summary>
    ValueTask<ApiException?> RefusalOfAsync(FaultedRequest request);
}
