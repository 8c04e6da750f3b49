namespace Orleans.StatefulSets.Grains.Objects;

/// <summary>A grain that calls other grains.</summary>
internal abstract class ClusterGrain : Grain
{
    /// <summary>Whoever overrides this begins with it.</summary>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // Orleans runs an activation's first stretch, up to the first await that does not complete at once, under the activation's lock
        // (ActivationData.Start in 10.4), and a call into an activation takes that lock too. Two activations that begin at the same moment
        // and call each other would wait for each other for ever, as a pod and its node do after a restart. Here the first stretch ends.
        await Task.Yield();
    }
}
