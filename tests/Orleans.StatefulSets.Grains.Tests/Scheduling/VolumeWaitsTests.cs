using Orleans.StatefulSets.Grains.Scheduling;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Tests.Scheduling;

public sealed class VolumeWaitsTests
{
    private static readonly ObjectKey Web0 = ResourceKinds.Pods.Key("default", "web-0");
    private static readonly ObjectKey Web1 = ResourceKinds.Pods.Key("default", "web-1");
    private static readonly ObjectKey Data = ResourceKinds.PersistentVolumeClaims.Key("default", "data");
    private static readonly ObjectKey Logs = ResourceKinds.PersistentVolumeClaims.Key("default", "logs");

    [Fact]
    public void A_pod_goes_on_when_its_last_claim_is_bound()
    {
        var waits = new VolumeWaits();
        waits.Add(Web0, "node-1", [Data, Logs]);

        Assert.Empty(waits.Bound(Logs));
        Assert.Equal([(Web0, "node-1")], waits.Bound(Data));
        Assert.False(waits.Contains(Web0));
        Assert.Empty(waits.Claims);
        Assert.Empty(waits.Bound(Data));
    }

    [Fact]
    public void Pods_that_share_a_claim_go_on_together()
    {
        var waits = new VolumeWaits();
        waits.Add(Web0, "node-1", [Data]);
        waits.Add(Web1, "node-2", [Data, Logs]);

        Assert.Equal([(Web0, "node-1")], waits.Bound(Data));
        Assert.True(waits.Contains(Web1));
        Assert.Equal([(Web1, "node-2")], waits.Bound(Logs));
    }

    [Fact]
    public void A_forgotten_pod_is_waited_for_no_more()
    {
        var waits = new VolumeWaits();
        waits.Add(Web0, "node-1", [Data]);
        waits.Add(Web1, "node-2", [Data]);
        waits.Forget(Web0);

        Assert.False(waits.Contains(Web0));
        Assert.Equal([(Web1, "node-2")], waits.Bound(Data));
        Assert.Empty(waits.Claims);
    }
}
