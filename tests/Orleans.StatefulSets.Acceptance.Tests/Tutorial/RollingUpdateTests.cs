using Orleans.StatefulSets.Acceptance.Tests.Kubectl;
using Orleans.StatefulSets.Acceptance.Tests.Servers;

namespace Orleans.StatefulSets.Acceptance.Tests.Tutorial;

/// <summary>"Rolling Update", and kubectl rollout.</summary>
[Collection(UpdatesCollection.Name)]
public sealed class RollingUpdateTests(SharedServer server)
{
    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task A_new_image_goes_from_the_highest_ordinal_down_each_ready_before_the_next(string version)
    {
        var kubectl = await server.OpenAsync(version);
        await WebSet.CreateAsync(kubectl, replicas: 3);
        await using var watch = await kubectl.WatchAsync("get pod -l app=nginx -w");
        await watch.ShowsAsync(PodLife.Runs("web-0"), PodLife.Runs("web-1"), PodLife.Runs("web-2"));

        Assert.Equal(
            "statefulset.apps/web patched (no change)",
            await kubectl.OutputAsync("""patch statefulset web -p '{"spec":{"updateStrategy":{"type":"RollingUpdate"}}}'"""));
        Assert.Equal("statefulset.apps/web patched", await kubectl.OutputAsync(WebSet.PatchImage("gcr.io/google_containers/nginx-slim:0.8")));

        await watch.ShowsAsync([.. PodLife.IsReplaced("web-2"), .. PodLife.IsReplaced("web-1"), .. PodLife.IsReplaced("web-0")]);
        Assert.All(await WebSet.ImagesAsync(kubectl, 3), image => Assert.Equal("gcr.io/google_containers/nginx-slim:0.8", image));
    }

    [SkippableTheory]
    [InlineData("set resources statefulset web --limits=cpu=200m", "statefulset.apps/web resource requirements updated", "{.spec.containers[0].resources.limits.cpu}", "200m")]
    [InlineData("""patch sts web -p '{"spec":{"template":{"metadata":{"labels":{"tier":"front"}}}}}'""", "statefulset.apps/web patched", "{.metadata.labels.tier}", "front")]
    [InlineData("""patch sts web -p '{"spec":{"template":{"metadata":{"annotations":{"note":"blue"}}}}}'""", "statefulset.apps/web patched", "{.metadata.annotations.note}", "blue")]
    public async Task Resources_labels_and_annotations_of_the_template_roll_out_as_an_image_does(string command, string answer, string field, string value)
    {
        var kubectl = await server.OpenAsync(KubectlVersion.Newest);
        await WebSet.CreateAsync(kubectl);
        await using var watch = await kubectl.WatchAsync("get pod -l app=nginx --watch-only");

        Assert.Equal(answer, await kubectl.OutputAsync(command));

        await watch.ShowsAsync([.. PodLife.IsReplaced("web-1"), .. PodLife.IsReplaced("web-0")]);
        Assert.Equal(value, await kubectl.OutputAsync($"get pod web-0 -o jsonpath={field}"));
    }

    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task Rollout_status_tells_the_way_to_the_end(string version)
    {
        var kubectl = await server.OpenAsync(version);
        await WebSet.CreateAsync(kubectl, replicas: 3);

        // Long enough for a kubectl that is slow to start to see every step.
        await kubectl.OutputAsync("""patch sts web -p '{"spec":{"minReadySeconds":4}}'""");
        await kubectl.OutputAsync(WebSet.PatchImage(WebSet.NewImage));

        var lines = (await kubectl.OutputAsync("rollout status sts/web --timeout=50s")).Split('\n');

        Assert.Equal("partitioned roll out complete: 3 new pods have been updated...", lines[^1]);
        Assert.Contains("Waiting for partitioned roll out to finish: 1 out of 3 new pods have been updated...", lines);
        Assert.All(lines.SkipLast(1), line => Assert.Matches(
            @"\AWaiting for (statefulset spec update to be observed|1 pods to be ready|partitioned roll out to finish: [0-2] out of 3 new pods have been updated)\.\.\.\z", line));
    }

    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task History_lists_the_revisions_and_undo_reuses_the_older_one(string version)
    {
        var kubectl = await server.OpenAsync(version);
        await WebSet.CreateAsync(kubectl);
        var first = await kubectl.OutputAsync("get sts web -o jsonpath={.status.updateRevision}");
        await kubectl.OutputAsync(WebSet.PatchImage(WebSet.NewImage));
        await WebSet.ReadyAsync(kubectl);
        Assert.Equal(["1", "2"], await RevisionsAsync(kubectl));
        await using var watch = await kubectl.WatchAsync("get pod -l app=nginx --watch-only");

        Assert.Equal("statefulset.apps/web rolled back", await kubectl.OutputAsync("rollout undo sts/web"));

        await watch.ShowsAsync([.. PodLife.IsReplaced("web-1"), .. PodLife.IsReplaced("web-0")]);
        Assert.Equal([WebSet.OldImage, WebSet.OldImage], await WebSet.ImagesAsync(kubectl, 2));
        Assert.Equal(["2", "3"], await RevisionsAsync(kubectl));
        Assert.Equal(first, await kubectl.OutputAsync("get sts web -o jsonpath={.status.updateRevision}"));
    }

    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task Restart_replaces_every_pod(string version)
    {
        var kubectl = await server.OpenAsync(version);
        await WebSet.CreateAsync(kubectl);
        await using var watch = await kubectl.WatchAsync("get pod -l app=nginx --watch-only");

        Assert.Equal("statefulset.apps/web restarted", await kubectl.OutputAsync("rollout restart sts/web"));

        await watch.ShowsAsync([.. PodLife.IsReplaced("web-1"), .. PodLife.IsReplaced("web-0")]);
        Assert.NotEqual("", await kubectl.OutputAsync(@"get pod web-0 -o jsonpath={.metadata.annotations.kubectl\.kubernetes\.io/restartedAt}"));
    }

    private static async Task<IReadOnlyList<string>> RevisionsAsync(KubectlSession kubectl)
    {
        var lines = (await kubectl.OutputAsync("rollout history sts/web")).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["statefulset.apps/web", "REVISION  CHANGE-CAUSE"], lines.Take(2));
        return [.. lines.Skip(2).Select(line => line.Split(' ')[0])];
    }
}
