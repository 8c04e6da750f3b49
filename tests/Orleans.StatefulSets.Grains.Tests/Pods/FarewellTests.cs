using Microsoft.Extensions.Time.Testing;
using Orleans.StatefulSets.Grains.Pods;

namespace Orleans.StatefulSets.Grains.Tests.Pods;

public sealed class FarewellTests
{
    private readonly FakeTimeProvider wall = new();

    [Fact]
    public void The_name_of_a_pod_that_a_client_deleted_stays_free_for_a_moment()
    {
        var farewell = new Farewell(wall);
        farewell.Announce();
        Assert.True(farewell.EndAsync().IsCompleted);

        wall.Advance(TimeSpan.FromMinutes(1));
        farewell.Begin();
        var end = farewell.EndAsync();
        wall.Advance(Farewell.Length - TimeSpan.FromMilliseconds(1));
        Assert.False(end.IsCompleted);
        wall.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(end.IsCompletedSuccessfully);
        Assert.True(farewell.EndAsync().IsCompleted);
    }

    [Fact]
    public void The_name_of_any_other_pod_is_free_at_once()
    {
        var farewell = new Farewell(wall);
        farewell.Begin();
        Assert.True(farewell.EndAsync().IsCompleted);

        farewell.Announce();
        farewell.Forget();
        farewell.Begin();
        Assert.True(farewell.EndAsync().IsCompleted);
    }
}
