using Orleans.StatefulSets.Acceptance.Tests.Kubectl;
using Orleans.StatefulSets.Acceptance.Tests.Servers;

namespace Orleans.StatefulSets.Acceptance.Tests.Tutorial;

/// <summary>"Staging an Update", "Rolling Out a Canary", "Performing a Phased Roll Out".</summary>
[Collection(UpdatesCollection.Name)]
public sealed class PartitionTests(SharedServer server)
{
    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task An_update_is_staged_tried_on_a_canary_and_rolled_out(string version)
    {
        var kubectl = await server.OpenAsync(version);
        await WebSet.CreateAsync(kubectl, replicas: 3);
        await using var watch = await kubectl.WatchAsync("get pod -l app=nginx --watch-only");

        // Staged: the template changes, no pod moves, and a deleted one comes back as it was.
        Assert.Equal("statefulset.apps/web patched", await kubectl.OutputAsync(WebSet.PatchPartition(3)));
        Assert.Equal("statefulset.apps/web patched", await kubectl.OutputAsync(WebSet.PatchImage(WebSet.NewImage)));
        await WebSet.ObservedAsync(kubectl);
        await watch.ShowsAsync();
        Assert.Equal("pod \"web-2\" deleted", await kubectl.OutputAsync("delete pod web-2"));
        await watch.ShowsAsync(PodLife.IsReplaced("web-2"));
        Assert.Equal([WebSet.OldImage, WebSet.OldImage, WebSet.OldImage], await WebSet.ImagesAsync(kubectl, 3));

        // A canary: from the partition up, and what is below it comes back as it was.
        Assert.Equal("statefulset.apps/web patched", await kubectl.OutputAsync(WebSet.PatchPartition(2)));
        await watch.ShowsAsync(PodLife.IsReplaced("web-2"));
        Assert.Equal("pod \"web-1\" deleted", await kubectl.OutputAsync("delete pod web-1"));
        await watch.ShowsAsync(PodLife.IsReplaced("web-1"));
        Assert.Equal([WebSet.OldImage, WebSet.OldImage, WebSet.NewImage], await WebSet.ImagesAsync(kubectl, 3));
        Assert.Equal("partitioned roll out complete: 1 new pods have been updated...", await kubectl.OutputAsync("rollout status sts/web --timeout=50s"));

        // The rest.
        Assert.Equal("statefulset.apps/web patched", await kubectl.OutputAsync(WebSet.PatchPartition(0)));
        await watch.ShowsAsync([.. PodLife.IsReplaced("web-1"), .. PodLife.IsReplaced("web-0")]);
        Assert.Equal([WebSet.NewImage, WebSet.NewImage, WebSet.NewImage], await WebSet.ImagesAsync(kubectl, 3));
        var status = (await kubectl.JsonAsync("get sts web")).GetProperty("status");
        Assert.Equal(status.GetProperty("updateRevision").GetString(), status.GetProperty("currentRevision").GetString());
    }

    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task A_pod_that_fails_comes_back_at_the_revision_of_its_side_of_the_partition(string version)
    {
        var kubectl = await server.OpenAsync(version);
        await WebSet.CreateAsync(kubectl, replicas: 3);
        await kubectl.OutputAsync(WebSet.PatchPartition(2));
        await kubectl.OutputAsync(WebSet.PatchImage(WebSet.NewImage));
        await WebSet.ReadyAsync(kubectl);
        await using var watch = await kubectl.WatchAsync("get pod -l app=nginx --watch-only");

        await kubectl.OutputAsync("delete pod web-2");
        await watch.ShowsAsync(PodLife.IsReplaced("web-2"));
        await kubectl.OutputAsync("delete pod web-0");
        await watch.ShowsAsync(PodLife.IsReplaced("web-0"));
        Assert.Equal([WebSet.OldImage, WebSet.OldImage, WebSet.NewImage], await WebSet.ImagesAsync(kubectl, 3));

        await kubectl.OutputAsync(WebSet.PatchPartition(0));
        await watch.ShowsAsync([.. PodLife.IsReplaced("web-1"), .. PodLife.IsReplaced("web-0")]);
        await kubectl.OutputAsync("delete pod web-0");
        await watch.ShowsAsync(PodLife.IsReplaced("web-0"));
        Assert.Equal(WebSet.NewImage, await WebSet.ImageAsync(kubectl, "web-0"));
    }
}
