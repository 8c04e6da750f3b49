using Orleans.StatefulSets.Grains.Faults;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Faults;

namespace Orleans.StatefulSets.Api.Faults;

/// <summary>Nothing goes wrong on purpose: for a program without Faults.</summary>
internal sealed class NoRequestFaults : IRequestFaults
{
    /// <inheritdoc/>
    public bool Any => false;

    /// <inheritdoc/>
    public ValueTask<TimeSpan> DelayOfAsync(FaultedRequest request) => new(TimeSpan.Zero);

    /// <inheritdoc/>
    public ValueTask<ApiException?> RefusalOfAsync(FaultedRequest request) => new((ApiException?)null);
}
