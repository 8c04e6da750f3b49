using Orleans.StatefulSets.Acceptance.Tests.Kubectl;
using Orleans.StatefulSets.Acceptance.Tests.Servers;

namespace Orleans.StatefulSets.Acceptance.Tests.Tutorial;

/// <summary>"Scaling a StatefulSet".</summary>
[Collection(TutorialCollection.Name)]
public sealed class ScalingTests(SharedServer server)
{
    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task Up_goes_one_after_another_and_down_from_the_top_each_gone_before_the_next(string version)
    {
        var kubectl = await server.OpenAsync(version);
        await WebSet.CreateAsync(kubectl);
        await using var watch = await kubectl.WatchAsync("get pods -w -l app=nginx");
        await watch.ShowsAsync(PodLife.Runs("web-0"), PodLife.Runs("web-1"));

        Assert.Equal("statefulset.apps/web scaled", await kubectl.OutputAsync("scale sts web --replicas=5"));
        await watch.ShowsAsync([.. PodLife.Starts("web-2"), .. PodLife.Starts("web-3"), .. PodLife.Starts("web-4")]);

        Assert.Equal("statefulset.apps/web patched", await kubectl.OutputAsync("""patch sts web -p '{"spec":{"replicas":3}}'"""));
        await watch.ShowsAsync([.. PodLife.Ends("web-4"), .. PodLife.Ends("web-3")]);
        Assert.Equal(
            ["www-web-0", "www-web-1", "www-web-2", "www-web-3", "www-web-4"],
            (await WebSet.UidsAsync(kubectl, "pvc -l app=nginx")).Keys.Order(StringComparer.Ordinal));
    }

    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task A_pod_that_is_scaled_back_finds_its_claim_again(string version)
    {
        var kubectl = await server.OpenAsync(version);
        await WebSet.CreateAsync(kubectl);
        var claims = await WebSet.UidsAsync(kubectl, "pvc");
        await kubectl.OutputAsync("scale sts web --replicas=0");
        await using var watch = await kubectl.WatchAsync("get pods --watch-only -l app=nginx");
        await kubectl.OutputAsync("wait --for=delete pod -l app=nginx --timeout=50s");

        await kubectl.OutputAsync("scale sts web --replicas=2");
        await watch.WaitForLineAsync(PodLife.Runs("web-1"));

        Assert.Equal(claims, await WebSet.UidsAsync(kubectl, "pvc"));
    }
}
