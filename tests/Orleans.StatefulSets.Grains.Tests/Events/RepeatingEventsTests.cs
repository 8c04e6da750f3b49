using Orleans.StatefulSets.Grains.Events;
using Orleans.StatefulSets.Grains.Tests.Objects;

namespace Orleans.StatefulSets.Grains.Tests.Events;

public sealed class RepeatingEventsTests
{
    private readonly RepeatingEvents events = new(capacity: 2);

    [Fact]
    public void Beyond_its_capacity_the_first_begun_is_forgotten()
    {
        Keep("a", 1);
        Keep("b", 2);
        Keep("a", 3);
        Keep("c", 4);

        Assert.Equal((null, 2L, 4L), (Version("a"), Version("b"), Version("c")));
    }

    [Fact]
    public void One_that_was_forgotten_and_begun_anew_counts_from_when_it_was_begun_anew()
    {
        Keep("a", 1);
        Keep("b", 2);
        events.Forget("a");
        Keep("a", 3);
        Keep("c", 4);

        Assert.Equal((3L, null, 4L), (Version("a"), Version("b"), Version("c")));
    }

    private void Keep(string key, long version) => events.Keep(key, Samples.ConfigMap(key, version));

    private long? Version(string key) => events.Find(key)?.ResourceVersion;
}
