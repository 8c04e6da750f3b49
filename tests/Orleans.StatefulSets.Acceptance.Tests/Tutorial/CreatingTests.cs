using Orleans.StatefulSets.Acceptance.Tests.Kubectl;
using Orleans.StatefulSets.Acceptance.Tests.Manifests;
using Orleans.StatefulSets.Acceptance.Tests.Servers;

namespace Orleans.StatefulSets.Acceptance.Tests.Tutorial;

/// <summary>"Creating a StatefulSet", "Ordered Pod Creation", "Pods in a StatefulSet".</summary>
[Collection(TutorialCollection.Name)]
public sealed class CreatingTests(SharedServer server)
{
    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task The_second_pod_appears_when_the_first_is_running_and_ready(string version)
    {
        var kubectl = await server.OpenAsync(version);
        await using var watch = await kubectl.WatchAsync("get pods -w -l app=nginx");

        Assert.Equal("service/nginx created\nstatefulset.apps/web created", await kubectl.OutputAsync($"apply -f {TutorialManifests.Web}"));

        await watch.ShowsAsync([.. PodLife.Starts("web-0"), .. PodLife.Starts("web-1")]);
    }

    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task Service_set_and_pods_are_listed_with_a_1_33_clusters_columns(string version)
    {
        var kubectl = await server.OpenAsync(version);
        await WebSet.CreateAsync(kubectl);

        var service = await kubectl.TableAsync("get service nginx");
        Assert.Equal(["NAME", "TYPE", "CLUSTER-IP", "EXTERNAL-IP", "PORT(S)", "AGE"], service[0]);
        Assert.Equal(["nginx", "ClusterIP", "None", "<none>", "80/TCP"], service[1].SkipLast(1));
        var set = await kubectl.TableAsync("get statefulset web");
        Assert.Equal(["NAME", "READY", "AGE"], set[0]);
        Assert.Equal(["web", "2/2"], set[1].SkipLast(1));
        var pods = await kubectl.TableAsync("get pods -l app=nginx");
        Assert.Equal(["NAME", "READY", "STATUS", "RESTARTS", "AGE"], pods[0]);
        Assert.Equal(["web-0", "1/1", "Running", "0"], pods[1].SkipLast(1));
        Assert.Equal(["web-1", "1/1", "Running", "0"], pods[2].SkipLast(1));
        Assert.Equal(3, pods.Count);
        var wide = await kubectl.TableAsync("get pods -o wide");
        Assert.Equal(["NAME", "READY", "STATUS", "RESTARTS", "AGE", "IP", "NODE", "NOMINATED NODE", "READINESS GATES"], wide[0]);
        Assert.Equal(["<none>", "<none>"], wide[1].TakeLast(2));
    }

    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task A_pod_carries_its_ordinal_its_names_and_its_revision(string version)
    {
        var kubectl = await server.OpenAsync(version);
        await WebSet.CreateAsync(kubectl);

        var pod = await kubectl.JsonAsync("get pod web-1");
        var labels = pod.GetProperty("metadata").GetProperty("labels");
        Assert.Equal("nginx", labels.GetProperty("app").GetString());
        Assert.Equal("1", labels.GetProperty("apps.kubernetes.io/pod-index").GetString());
        Assert.Equal("web-1", labels.GetProperty("statefulset.kubernetes.io/pod-name").GetString());
        // The name that a real control plane gives to the revision of this very manifest.
        Assert.Equal("web-b46f789c4", labels.GetProperty("controller-revision-hash").GetString());
        Assert.Equal(("web-1", "nginx"), (pod.GetProperty("spec").GetProperty("hostname").GetString(), pod.GetProperty("spec").GetProperty("subdomain").GetString()));
        var owner = Assert.Single(pod.GetProperty("metadata").GetProperty("ownerReferences").EnumerateArray());
        Assert.Equal(("StatefulSet", "web", true), (owner.GetProperty("kind").GetString(), owner.GetProperty("name").GetString(), owner.GetProperty("controller").GetBoolean()));
    }

    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task Applying_again_changes_nothing_and_creating_again_is_refused(string version)
    {
        var kubectl = await server.OpenAsync(version);
        await WebSet.CreateAsync(kubectl);
        await using var watch = await kubectl.WatchAsync("get pods -w -l app=nginx");

        // kubectl patches a claim template that has been defaulted each time it applies it and calls that "configured" (kubernetes issue 66450).
        var before = await VersionAsync(kubectl);
        Assert.Equal("service/nginx unchanged\nstatefulset.apps/web configured", await kubectl.OutputAsync($"apply -f {TutorialManifests.Web}"));
        Assert.Equal(before, await VersionAsync(kubectl));
        Assert.Equal(
            $"""
            Error from server (AlreadyExists): error when creating "{TutorialManifests.Web}": services "nginx" already exists
            Error from server (AlreadyExists): error when creating "{TutorialManifests.Web}": statefulsets.apps "web" already exists
            """,
            await kubectl.RefusalAsync($"create -f {TutorialManifests.Web}"));

        await watch.ShowsAsync(PodLife.Runs("web-0"), PodLife.Runs("web-1"));
    }

    private static Task<string> VersionAsync(KubectlSession kubectl) => kubectl.OutputAsync("get sts web -o jsonpath={.metadata.resourceVersion}");
}
