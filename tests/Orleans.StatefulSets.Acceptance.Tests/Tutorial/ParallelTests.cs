using Orleans.StatefulSets.Acceptance.Tests.Kubectl;
using Orleans.StatefulSets.Acceptance.Tests.Manifests;
using Orleans.StatefulSets.Acceptance.Tests.Servers;

namespace Orleans.StatefulSets.Acceptance.Tests.Tutorial;

/// <summary>"Parallel Pod Management".</summary>
[Collection(UpdatesCollection.Name)]
public sealed class ParallelTests(SharedServer server)
{
    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task Pods_start_and_end_all_at_once(string version)
    {
        var kubectl = await server.OpenAsync(version);
        await using var watch = await kubectl.WatchAsync("get pod -l app=nginx -w");

        Assert.Equal("service/nginx created\nstatefulset.apps/web created", await kubectl.OutputAsync($"apply -f {TutorialManifests.WebParallel}"));
        AssertNobodyWaited("0/1 Pending", "1/1 Running", await watch.ShowsInterleavedAsync(PodLife.Starts("web-0"), PodLife.Starts("web-1")));

        Assert.Equal("statefulset.apps/web scaled", await kubectl.OutputAsync("scale statefulset/web --replicas=4"));
        AssertNobodyWaited("0/1 Pending", "1/1 Running", await watch.ShowsInterleavedAsync(PodLife.Starts("web-2"), PodLife.Starts("web-3")));

        Assert.Equal("statefulset.apps \"web\" deleted", await kubectl.OutputAsync("delete sts web"));
        var ends = await watch.ShowsInterleavedAsync(PodLife.Ends("web-0"), PodLife.Ends("web-1"), PodLife.Ends("web-2"), PodLife.Ends("web-3"));
        AssertNobodyWaited("1/1 Terminating", "0/1 Completed", ends);
        Assert.Equal("service \"nginx\" deleted", await kubectl.OutputAsync("delete svc nginx"));
    }

    // Several pods have taken the first step before any has come to the last: all of them, where the machine has nothing else to do.
    private static void AssertNobodyWaited(string first, string last, IReadOnlyList<string> lines)
    {
        var begun = lines.TakeWhile(line => !line.Contains(last, StringComparison.Ordinal)).Where(line => line.Contains(first, StringComparison.Ordinal));
        Assert.True(begun.Select(line => line.Split(' ')[0]).Distinct().Count() > 1, string.Join('\n', lines));
    }
}
