using Orleans.StatefulSets.Acceptance.Tests.Kubectl;
using Orleans.StatefulSets.Acceptance.Tests.Manifests;
using Orleans.StatefulSets.Acceptance.Tests.Servers;
using Orleans.StatefulSets.Acceptance.Tests.Tutorial;

namespace Orleans.StatefulSets.Acceptance.Tests.Crashes;

/// <summary>SIGTERM, and the same folder again.</summary>
[Collection("crashes")]
public sealed class RestartTests
{
    private const string Kinds = "namespaces,nodes,pods,services,persistentvolumeclaims,persistentvolumes,storageclasses,statefulsets,controllerrevisions,serviceaccounts,configmaps,secrets";

    [SkippableFact]
    public async Task Every_object_is_there_with_its_uid_and_resource_version()
    {
        await using var server = await ServerProcess.StartAsync("--latency", "none");
        var kubectl = await server.OpenAsync(KubectlVersion.Newest);
        await WebSet.CreateAsync(kubectl, replicas: 3);
        await kubectl.CreateAsync("""{"apiVersion":"v1","kind":"Secret","metadata":{"name":"hidden"},"stringData":{"key":"value"}}""");
        var before = await ObjectsAsync(kubectl);
        Assert.Contains(before.Keys, name => name.EndsWith("/web-2", StringComparison.Ordinal));

        await server.StopAsync();
        await server.RestartAsync();

        Assert.Equal(before, await ObjectsAsync(kubectl));
    }

    [SkippableFact]
    public async Task A_scale_up_that_was_under_way_goes_on()
    {
        await using var server = await ServerProcess.StartAsync("--speed", "10");
        var kubectl = await server.OpenAsync(KubectlVersion.Newest);
        await WebSet.CreateAsync(kubectl);
        await using (var watch = await kubectl.WatchAsync("get pods --watch-only -l app=nginx"))
        {
            await kubectl.OutputAsync("scale sts web --replicas=5");
            await watch.WaitForLineAsync("web-2 0/1 ContainerCreating 0");
        }

        await server.StopAsync();
        await server.RestartAsync();

        await WebSet.ReadyAsync(kubectl);
        Assert.Equal("5", await kubectl.OutputAsync("get sts web -o jsonpath={.status.readyReplicas}"));
    }

    [SkippableFact]
    public async Task A_stop_in_the_middle_of_a_cascade_is_quick_and_quiet_and_the_cascade_goes_on()
    {
        await using var server = await ServerProcess.StartAsync("--latency", "none", "--nodes", "10");
        var kubectl = await server.OpenAsync(KubectlVersion.Newest);
        await kubectl.OutputAsync($"apply -f {TutorialManifests.WebParallel}");
        await kubectl.OutputAsync("scale sts web --replicas=500");
        await WebSet.ReadyAsync(kubectl);
        var printed = server.Output.Count;
        await kubectl.OutputAsync("delete sts web --wait=false");

        await server.StopAsync();

        Assert.Equal([], server.Output.Skip(printed));
        await server.RestartAsync();
        await Deadline.WaitAsync(TimeSpan.FromSeconds(30), async () => await kubectl.OutputAsync("get pods -o name") == "", () => "pods are left");
    }

    [SkippableFact]
    public async Task Memory_storage_begins_empty_and_keeps_the_kubeconfigs_token()
    {
        await using var server = await ServerProcess.StartAsync("--storage", "memory");
        var kubectl = await server.OpenAsync(KubectlVersion.Newest);
        var kubeconfig = await File.ReadAllTextAsync(server.Kubeconfig);
        await kubectl.CreateConfigMapAsync("gone");

        await server.StopAsync();
        await server.RestartAsync();

        Assert.Equal("", await kubectl.OutputAsync("get configmap gone --ignore-not-found"));
        Assert.Equal(kubeconfig, await File.ReadAllTextAsync(server.Kubeconfig));
    }

    private static async Task<SortedDictionary<string, string>> ObjectsAsync(KubectlSession kubectl)
    {
        var objects = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in (await kubectl.JsonAsync($"get {Kinds} --all-namespaces")).GetProperty("items").EnumerateArray())
        {
            var metadata = item.GetProperty("metadata");
            var @namespace = metadata.TryGetProperty("namespace", out var value) ? value.GetString() : "";
            objects.Add(
                $"{item.GetProperty("kind").GetString()} {@namespace}/{metadata.GetProperty("name").GetString()}",
                $"{metadata.GetProperty("uid").GetString()} {metadata.GetProperty("resourceVersion").GetString()}");
        }

        return objects;
    }
}
