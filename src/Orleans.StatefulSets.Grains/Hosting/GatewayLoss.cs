namespace Orleans.StatefulSets.Grains.Hosting;

/// <summary>
/// When a gateway was lost. Orleans lets calls that a client had sent through it wait until their time is over; here they fail at once, as a
/// call between silos does when a silo is lost.
/// </summary>
internal sealed class GatewayLoss
{
    private CancellationTokenSource next = new();

    /// <summary>Cancelled with the next loss.</summary>
    public CancellationToken Next => next.Token;

    public void Changed(object? sender, GatewayCountChangedEventArgs change)
    {
        if (change.NumberOfConnectedGateways < change.PreviousNumberOfConnectedGateways)
        {
            Interlocked.Exchange(ref next, new CancellationTokenSource()).Cancel();
        }
    }
}

/// <summary>Fails the calls of a client that were under way when a gateway was lost: which of them went through it is not known.</summary>
internal sealed class GatewayLossFilter(GatewayLoss loss) : IOutgoingGrainCallFilter
{
    /// <inheritdoc/>
    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        var lost = loss.Next;
        try
        {
            await context.Invoke().WaitAsync(lost);
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            throw new SiloUnavailableException("the silo through which the cluster was asked is lost");
        }
    }
}
