using Orleans.StatefulSets.Grains.Objects;

namespace Orleans.StatefulSets.Grains.Tests.Objects;

/// <summary>A grain that calls another one while both begin.</summary>
public interface IMeetingGrain : IGrainWithStringKey
{
    Task MeetAsync();

    Task<bool> HasBeenCalledAsync();
}

internal sealed class MeetingGrain : ClusterGrain, IMeetingGrain
{
    private static readonly Dictionary<string, Barrier> Places = [];
    private bool called;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        var names = this.GetPrimaryKeyString().Split('+');
        Place(string.Concat(names.Order())).SignalAndWait(TimeSpan.FromSeconds(10), cancellationToken);
        GrainFactory.GetGrain<IMeetingGrain>($"{names[1]}+{names[0]}").MeetAsync().Ignore();
    }

    public Task MeetAsync()
    {
        called = true;
        return Task.CompletedTask;
    }

    public Task<bool> HasBeenCalledAsync() => Task.FromResult(called);

    private static Barrier Place(string name)
    {
        lock (Places)
        {
            if (!Places.TryGetValue(name, out var place))
            {
                Places[name] = place = new Barrier(2);
            }

            return place;
        }
    }
}
