using Microsoft.Extensions.Hosting;

namespace Orleans.StatefulSets.Grains.Reach;

/// <summary>How a silo leaves a cluster of which it can't be a part any more; whoever runs it starts it again.</summary>
public interface ISiloDeparture
{
    /// <summary>Begins to stop, and returns at once.</summary>
    /// <param name="why">One line for a person.</param>
    void Leave(string why);
}

/// <summary>Stops the program.</summary>
internal sealed class ProgramDeparture(IHostApplicationLifetime program) : ISiloDeparture
{
    /// <inheritdoc/>
    public void Leave(string why) => program.StopApplication();
}
