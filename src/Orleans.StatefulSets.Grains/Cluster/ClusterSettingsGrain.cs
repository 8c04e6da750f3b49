namespace Orleans.StatefulSets.Grains.Cluster;

/// <summary>What <see cref="ClusterSettingsGrain"/> stores.</summary>
[GenerateSerializer]
public sealed class ClusterSettingsState
{
    /// <summary>The settings; null before the first start.</summary>
    [Id(0)]
    public ClusterSettings? Settings { get; set; }
}

/// <inheritdoc cref="IClusterSettingsGrain"/>
internal sealed class ClusterSettingsGrain([PersistentState("settings", ClusterSettingsKeys.Storage)] IPersistentState<ClusterSettingsState> state)
    : Grain, IClusterSettingsGrain
{
    /// <inheritdoc/>
    public ValueTask<bool> IsNew() => new(state.State.Settings is null);

    /// <inheritdoc/>
    public async Task<ClusterSettings> Begin(ClusterSettings proposal)
    {
        var next = state.State.Settings is { } stored
            ? stored.With(stored.Anchor.WithSpeed(proposal.ClockWall, proposal.ClockSpeed))
            : proposal;
        if (next != state.State.Settings)
        {
            state.State.Settings = next;
            await state.WriteStateAsync();
        }

        return next;
    }
}
