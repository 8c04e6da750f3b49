namespace Orleans.StatefulSets.Grains.Hosting;

/// <summary>Whether there is still a silo that could take something over.</summary>
internal interface ISilosLeft
{
    bool Any { get; }
}

/// <summary>As a silo knows it.</summary>
internal sealed class SilosLeft(ISiloStatusOracle silos) : ISilosLeft
{
    public bool Any => silos.GetApproximateSiloStatuses(onlyActive: true).Count > 0;
}

/// <summary>As a client knows it: silos that it does not see may come any time.</summary>
internal sealed class SilosElsewhere : ISilosLeft
{
    public bool Any => true;
}
