using Orleans.StatefulSets.Acceptance.Tests.Kubectl;
using Orleans.StatefulSets.Acceptance.Tests.Servers;
using Orleans.StatefulSets.Acceptance.Tests.Tutorial;

namespace Orleans.StatefulSets.Acceptance.Tests.Crashes;

/// <summary>kill -9 at a bad moment, and the same folder again: what was acknowledged is there, what was begun goes on.</summary>
[Collection("crashes")]
public sealed class KillTests
{
    [SkippableFact]
    public async Task A_rolling_update_goes_on_and_untouched_pods_stay_themselves()
    {
        await using var server = await ServerProcess.StartAsync("--speed", "10");
        var kubectl = await server.OpenAsync(KubectlVersion.Newest);
        await WebSet.CreateAsync(kubectl, replicas: 5);
        await using var history = await PodHistory.StartAsync(server);
        var (podsBefore, claimsBefore, setBefore) = (await PodsAsync(kubectl), await WebSet.UidsAsync(kubectl, "pvc"), await WebSet.UidsAsync(kubectl, "sts"));
        await kubectl.OutputAsync(WebSet.PatchPartition(2));
        await using (var watch = await kubectl.WatchAsync("get pods --watch-only -l app=nginx"))
        {
            await kubectl.OutputAsync(WebSet.PatchImage(WebSet.NewImage));
            await watch.WaitForLineAsync("web-3 1/1 Terminating 0");
        }

        Assert.Equal("configmap/acknowledged created", await kubectl.CreateConfigMapAsync("acknowledged", """{"when":"just-before"}"""));
        await server.KillAsync();
        await server.RestartAsync();

        Assert.Equal("just-before", await kubectl.OutputAsync("get configmap acknowledged -o jsonpath={.data.when}"));
        Assert.EndsWith("partitioned roll out complete: 3 new pods have been updated...", await kubectl.OutputAsync("rollout status sts/web --timeout=55s"), StringComparison.Ordinal);
        Assert.Equal([WebSet.OldImage, WebSet.OldImage, WebSet.NewImage, WebSet.NewImage, WebSet.NewImage], await WebSet.ImagesAsync(kubectl, 5));
        var podsAfter = await PodsAsync(kubectl);
        Assert.Equal((podsBefore["web-0"], podsBefore["web-1"]), (podsAfter["web-0"], podsAfter["web-1"]));
        Assert.Empty(podsAfter.Where(pod => pod.Key is not ("web-0" or "web-1")).Select(pod => pod.Value).Intersect(podsBefore.Values));
        Assert.Equal(claimsBefore, await WebSet.UidsAsync(kubectl, "pvc"));
        Assert.Equal(setBefore, await WebSet.UidsAsync(kubectl, "sts"));
        await history.CatchUpAsync();
        history.AssertOneOfEachName();
    }

    [SkippableTheory]
    [InlineData("web-3 0/1 Pending 0")]
    [InlineData("web-3 0/1 ContainerCreating 0")]
    [InlineData("web-3 1/1 Running 0")]
    public async Task A_scale_up_goes_on_from_wherever_it_was(string moment)
    {
        await using var server = await ServerProcess.StartAsync("--speed", "10");
        var kubectl = await server.OpenAsync(KubectlVersion.Newest);
        await WebSet.CreateAsync(kubectl);
        await using var history = await PodHistory.StartAsync(server);
        IReadOnlyDictionary<string, string> seen;
        await using (var watch = await kubectl.WatchAsync("get pods --watch-only -l app=nginx"))
        {
            await kubectl.OutputAsync("scale sts web --replicas=6");
            await watch.WaitForLineAsync(moment);
            seen = await PodsAsync(kubectl);
        }

        await server.KillAsync();
        await server.RestartAsync();

        await WebSet.ReadyAsync(kubectl);
        var pods = await PodsAsync(kubectl);
        Assert.Equal(["web-0", "web-1", "web-2", "web-3", "web-4", "web-5"], pods.Keys.Order(StringComparer.Ordinal));
        Assert.All(seen, pod => Assert.Equal(pod.Value, pods[pod.Key]));
        await history.CatchUpAsync();
        history.AssertOneOfEachName();
    }

    [SkippableFact]
    public async Task Whatever_was_acknowledged_under_a_stream_of_writes_is_there_after_the_kill()
    {
        await using var server = await ServerProcess.StartAsync("--nodes", "1");
        var acknowledged = new List<string>();
        using var enough = new SemaphoreSlim(0);
        var writing = Task.Run(async () =>
        {
            try
            {
                for (var number = 0; ; number++)
                {
                    using var body = new StringContent($$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"map-{{{number}}}"}}""", null, "application/json");
                    using var response = await server.Client.PostAsync("/api/v1/namespaces/default/configmaps", body);
                    response.EnsureSuccessStatusCode();
                    acknowledged.Add($"map-{number}");
                    enough.Release();
                }
            }
            catch (HttpRequestException)
            {
                // Killed in the middle of a write: that one was not acknowledged and may be there or not.
            }
        });
        for (var count = 0; count < 200; count++)
        {
            Assert.True(await enough.WaitAsync(TimeSpan.FromSeconds(30)), "the writes do not get on");
        }

        await server.KillAsync();
        await writing;
        await server.RestartAsync();

        var there = (await server.Client.GetStringAsync("/api/v1/namespaces/default/configmaps"));
        Assert.All(acknowledged, name => Assert.Contains($"\"{name}\"", there, StringComparison.Ordinal));
    }

    private static Task<IReadOnlyDictionary<string, string>> PodsAsync(KubectlSession kubectl) => WebSet.UidsAsync(kubectl, "pods -l app=nginx");
}
