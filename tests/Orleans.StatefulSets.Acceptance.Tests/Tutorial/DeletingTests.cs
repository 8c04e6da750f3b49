using Orleans.StatefulSets.Acceptance.Tests.Kubectl;
using Orleans.StatefulSets.Acceptance.Tests.Manifests;
using Orleans.StatefulSets.Acceptance.Tests.Servers;

namespace Orleans.StatefulSets.Acceptance.Tests.Tutorial;

/// <summary>"Non-Cascading Delete", "Cascading Delete".</summary>
[Collection(UpdatesCollection.Name)]
public sealed class DeletingTests(SharedServer server)
{
    public static TheoryData<string, string> NonCascading
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var version in (string[])[KubectlVersion.Newest, KubectlVersion.Oldest])
            {
                rows.Add(version, "false");
                rows.Add(version, "orphan");
            }

            return rows;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(NonCascading))]
    public async Task Orphans_stay_and_a_new_set_adopts_them_and_removes_the_surplus(string version, string cascade)
    {
        var kubectl = await server.OpenAsync(version);
        await WebSet.CreateAsync(kubectl, replicas: 3);
        var claims = await WebSet.UidsAsync(kubectl, "pvc");
        var pods = await WebSet.UidsAsync(kubectl, "pods");
        await using var watch = await kubectl.WatchAsync("get pods --watch-only -l app=nginx");

        // A pod that loses its owner is a change that no column shows: its line is printed once more.
        var deletion = await kubectl.RunAsync($"delete statefulset web --cascade={cascade}");
        Assert.Equal(["statefulset.apps \"web\" deleted"], deletion.Output);
        Assert.Equal(cascade == "false" ? ["warning: --cascade=false is deprecated (boolean value) and can be replaced with --cascade=orphan."] : [], deletion.Errors);
        await watch.ShowsInterleavedAsync([PodLife.Runs("web-0")], [PodLife.Runs("web-1")], [PodLife.Runs("web-2")]);

        // Nobody brings a deleted one back.
        Assert.Equal("pod \"web-0\" deleted", await kubectl.OutputAsync("delete pod web-0"));
        await watch.ShowsAsync(PodLife.Ends("web-0"));

        Assert.Equal("service/nginx unchanged\nstatefulset.apps/web created", await kubectl.OutputAsync($"apply -f {TutorialManifests.Web}"));
        var lines = (await watch.ShowsInterleavedAsync(
            PodLife.Starts("web-0"), [PodLife.Runs("web-1")], [PodLife.Runs("web-2"), .. PodLife.Ends("web-2")])).ToList();
        Assert.True(lines.IndexOf(PodLife.Runs("web-0")) < lines.IndexOf("web-2 1/1 Terminating 0"), string.Join('\n', lines));
        Assert.Equal(pods["web-1"], (await WebSet.UidsAsync(kubectl, "pods"))["web-1"]);
        Assert.Equal(claims, await WebSet.UidsAsync(kubectl, "pvc"));
    }

    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task A_new_set_with_another_image_replaces_the_orphans_in_turn(string version)
    {
        var kubectl = await server.OpenAsync(version);
        await WebSet.CreateAsync(kubectl);
        await kubectl.OutputAsync(WebSet.PatchImage(WebSet.NewImage));
        await WebSet.ReadyAsync(kubectl);
        await using var watch = await kubectl.WatchAsync("get pods --watch-only -l app=nginx");
        await kubectl.OutputAsync("delete statefulset web --cascade=orphan");
        await watch.ShowsInterleavedAsync([PodLife.Runs("web-0")], [PodLife.Runs("web-1")]);

        await kubectl.OutputAsync($"apply -f {TutorialManifests.Web}");

        await watch.ShowsInterleavedAsync([PodLife.Runs("web-0"), .. PodLife.IsReplaced("web-0")], [PodLife.Runs("web-1"), .. PodLife.IsReplaced("web-1")]);
        Assert.Equal([WebSet.OldImage, WebSet.OldImage], await WebSet.ImagesAsync(kubectl, 2));
    }

    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task Deleting_the_set_ends_its_pods_and_leaves_service_and_claims(string version)
    {
        var kubectl = await server.OpenAsync(version);
        await WebSet.CreateAsync(kubectl);
        var claims = await WebSet.UidsAsync(kubectl, "pvc");
        await using var watch = await kubectl.WatchAsync("get pods --watch-only -l app=nginx");

        Assert.Equal("statefulset.apps \"web\" deleted", await kubectl.OutputAsync("delete statefulset web"));

        await watch.ShowsInterleavedAsync(PodLife.Ends("web-0"), PodLife.Ends("web-1"));
        Assert.Equal("service \"nginx\" deleted", await kubectl.OutputAsync("delete service nginx"));
        Assert.Equal("service/nginx created\nstatefulset.apps/web created", await kubectl.OutputAsync($"apply -f {TutorialManifests.Web}"));
        await watch.ShowsAsync([.. PodLife.Starts("web-0"), .. PodLife.Starts("web-1")]);
        Assert.Equal(claims, await WebSet.UidsAsync(kubectl, "pvc"));
    }

    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task In_the_foreground_the_set_stays_until_its_pods_are_gone(string version)
    {
        var kubectl = await server.OpenAsync(version);
        await WebSet.CreateAsync(kubectl);

        await kubectl.OutputAsync("delete statefulset web --cascade=foreground");

        Assert.Empty(await WebSet.UidsAsync(kubectl, "pods"));
        Assert.Empty(await WebSet.UidsAsync(kubectl, "sts"));
    }
}
