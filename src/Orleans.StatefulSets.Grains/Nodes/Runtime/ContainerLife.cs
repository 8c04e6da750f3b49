namespace Orleans.StatefulSets.Grains.Nodes.Runtime;

/// <summary>What goes on around one instance of a container, and ends with it.</summary>
/// <param name="restarts">Which instance.</param>
/// <param name="isKnown">The kubelet has said already that it runs: it was not looked into until now.</param>
internal sealed class ContainerLife(int restarts, bool isKnown)
{
    private readonly CancellationTokenSource ended = new();
    private readonly CancellationTokenSource probed = new();

    public int Restarts => restarts;

    public bool IsKnown => isKnown;

    /// <summary>Completes when it was made, or could not be.</summary>
    public Task Made { get; set; } = Task.CompletedTask;

    /// <summary>When it began to run, simulated time.</summary>
    public DateTimeOffset StartedAt { get; set; }

    /// <summary>Cancelled when it has ended.</summary>
    public CancellationToken Ended => ended.Token;

    /// <summary>Cancelled when its probes are over: it has ended, or is asked to.</summary>
    public CancellationToken Probed => probed.Token;

    public void StopProbes() => probed.Cancel();

    /// <summary>It has ended.</summary>
    public void End()
    {
        probed.Cancel();
        ended.Cancel();
    }
}
