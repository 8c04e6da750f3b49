using Orleans.StatefulSets.Grains.Reach;

namespace Orleans.StatefulSets.Server.Composition;

/// <summary>Stops the program where its silo can't stay in the cluster, and keeps what is to be said of it.</summary>
internal sealed class Departure(IHostApplicationLifetime application) : ISiloDeparture
{
    /// <summary>Why it left; null where it didn't.</summary>
    public string? Reason { get; private set; }

    /// <inheritdoc/>
    public void Leave(string why)
    {
        Reason = why;
        application.StopApplication();
    }
}
