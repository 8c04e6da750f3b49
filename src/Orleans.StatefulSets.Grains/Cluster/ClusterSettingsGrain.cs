namespace Orleans.StatefulSets.Grains.Cluster;

/// <summary>What <see cref="ClusterSettingsGrain"/> stores.</summary>
[GenerateSerializer]
public sealed class ClusterSettingsState
{
    /// <summary>The settings; null before the first start.</summary>
    [Id(0)]
    public ClusterSettings? Settings { get; set; }

    /// <summary>The silos, by their addresses' text, that began with these settings and may still run.</summary>
    [Id(1)]
    public IReadOnlyList<string> Silos { get; set; } = [];
}

/// <inheritdoc cref="IClusterSettingsGrain"/>
internal sealed class ClusterSettingsGrain(
    [PersistentState("settings", ClusterSettingsKeys.Storage)] IPersistentState<ClusterSettingsState> state, ISiloStatusOracle silos) : Grain, IClusterSettingsGrain
{
    /// <inheritdoc/>
    public ValueTask<ClusterSettings?> Find() => new(state.State.Settings);

    /// <inheritdoc/>
    public async Task<ClusterSettings> Begin(ClusterSettings proposal, SiloAddress silo)
    {
        var active = silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Select(address => address.ToParsableString()).ToHashSet();
        var others = (state.State.Silos ?? []).Where(other => other != silo.ToParsableString() && active.Contains(other)).ToList();
        var next = state.State.Settings switch
        {
            null => proposal,
            { } stored when others.Count > 0 => stored,
            { } stored => stored.With(stored.Anchor.WithSpeed(proposal.ClockWall, proposal.ClockSpeed)),
        };
        state.State.Settings = next;
        state.State.Silos = [.. others, silo.ToParsableString()];
        await state.WriteStateAsync();
        return next;
    }
}
