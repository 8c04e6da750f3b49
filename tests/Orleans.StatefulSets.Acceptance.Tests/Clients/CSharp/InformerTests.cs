using k8s;
using k8s.Models;
using Orleans.StatefulSets.Acceptance.Tests.Servers;

namespace Orleans.StatefulSets.Acceptance.Tests.Clients.CSharp;

/// <summary>List, watch, stop, come back from the last resourceVersion: what a controller's informer does.</summary>
[Collection(ClientsCollection.Name)]
public sealed class InformerTests(ForgetfulServer forgetful)
{
    private sealed record Seen(WatchEventType Type, string Name, string Version)
    {
        public static Seen Of<T>((WatchEventType Type, T Item) change)
            where T : IMetadata<V1ObjectMeta> => new(change.Type, change.Item.Metadata.Name, change.Item.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task A_watch_that_comes_back_shows_what_it_missed_and_nothing_twice()
    {
        await using var space = await ClientNamespace.OpenAsync(forgetful);
        var start = (await space.Core.ListNamespacedPodAsync(space.Name)).Metadata.ResourceVersion;
        await space.CreateSetAsync(2, claims: true);

        var seen = new List<Seen>();
        await foreach (var change in space.Core.WatchListNamespacedPodAsync(space.Name, resourceVersion: start))
        {
            seen.Add(Seen.Of(change));
            if (change.Item2.Metadata.Name == "web-1" && change.Item2.Status.Conditions?.Any(IsReady) == true)
            {
                break;
            }
        }

        Assert.Equal(["web-0", "web-1"], NamesOf(seen, WatchEventType.Added));
        Assert.Contains("web-0", NamesOf(seen, WatchEventType.Modified));
        await ScaleAsync(space, 3);
        await ScaleAsync(space, 2);
        var missed = await WatchForASecondAsync(space, seen[^1].Version);
        Assert.Equal(["web-2"], NamesOf(missed, WatchEventType.Added));
        Assert.Equal(["web-2"], NamesOf(missed, WatchEventType.Deleted));

        // In two pieces or in one, the events are the same, and they come to what a list shows.
        Assert.Equal([.. seen, .. missed], await WatchForASecondAsync(space, start));
        var versions = seen.Concat(missed).Select(change => long.Parse(change.Version)).ToList();
        Assert.Equal(versions.Distinct().Order(), versions);
        var listed = (await space.Core.ListNamespacedPodAsync(space.Name)).Items;
        Assert.Equal(listed.ToDictionary(pod => pod.Metadata.Name, pod => pod.Metadata.ResourceVersion), Fold([.. seen, .. missed]));
    }

    [Fact]
    public async Task A_watch_of_sets_shows_the_set_from_its_creation_to_its_deletion()
    {
        await using var space = await ClientNamespace.OpenAsync(forgetful);
        var start = (await space.Apps.ListNamespacedStatefulSetAsync(space.Name)).Metadata.ResourceVersion;
        await space.CreateSetAsync(1);
        await space.Apps.DeleteNamespacedStatefulSetAsync(ClientNamespace.Set, space.Name);

        var types = new List<WatchEventType>();
        await foreach (var (type, _) in space.Apps.WatchListNamespacedStatefulSetAsync(space.Name, resourceVersion: start))
        {
            types.Add(type);
            if (type == WatchEventType.Deleted)
            {
                break;
            }
        }

        Assert.Equal([WatchEventType.Added, WatchEventType.Modified], types.Take(2));
    }

    [Fact]
    public async Task A_watch_of_one_second_ends_by_itself_with_a_bookmark_to_come_back_from()
    {
        await using var space = await ClientNamespace.OpenAsync(forgetful);
        var start = (await space.Core.ListNamespacedSecretAsync(space.Name)).Metadata.ResourceVersion;

        var (type, bookmark) = Assert.Single(await space.Core.WatchListNamespacedSecretAsync(
            space.Name, resourceVersion: start, allowWatchBookmarks: true, timeoutSeconds: 1).ToListAsync());

        Assert.Equal((WatchEventType.Bookmark, "Secret"), (type, bookmark.Kind));
        await space.Core.CreateNamespacedSecretAsync(new V1Secret { Metadata = new V1ObjectMeta { Name = "afterwards" } }, space.Name);
        var after = await space.Core.WatchListNamespacedSecretAsync(
            space.Name, resourceVersion: bookmark.Metadata.ResourceVersion, timeoutSeconds: 1).ToListAsync();
        Assert.Equal((WatchEventType.Added, "afterwards"), (Assert.Single(after).Item1, after[0].Item2.Metadata.Name));
    }

    // Kubernetes API concepts, "Streaming lists".
    [Fact]
    public async Task A_watch_that_asks_for_the_state_first_is_told_where_it_ends()
    {
        await using var space = await ClientNamespace.OpenAsync(forgetful);
        await space.Core.CreateNamespacedSecretAsync(new V1Secret { Metadata = new V1ObjectMeta { Name = "there" } }, space.Name);

        var changes = await space.Core.WatchListNamespacedSecretAsync(
            space.Name, sendInitialEvents: true, resourceVersionMatch: "NotOlderThan", allowWatchBookmarks: true, timeoutSeconds: 1).ToListAsync();

        Assert.Equal((WatchEventType.Added, "there"), (changes[0].Item1, changes[0].Item2.Metadata.Name));
        Assert.Equal((WatchEventType.Bookmark, "true"), (changes[1].Item1, changes[1].Item2.Metadata.Annotations["k8s.io/initial-events-end"]));
    }

    private static async Task ScaleAsync(ClientNamespace space, int replicas)
    {
        var scale = await space.Apps.ReadNamespacedStatefulSetScaleAsync(ClientNamespace.Set, space.Name);
        await space.Apps.ReplaceNamespacedStatefulSetScaleAsync(
            scale with { Spec = new V1ScaleSpec { Replicas = replicas } }, ClientNamespace.Set, space.Name);
        await space.ReadyAsync(replicas);
    }

    private static async Task<List<Seen>> WatchForASecondAsync(ClientNamespace space, string version) =>
        [.. (await space.Core.WatchListNamespacedPodAsync(space.Name, resourceVersion: version, timeoutSeconds: 1).ToListAsync()).Select(Seen.Of)];

    private static bool IsReady(V1PodCondition condition) => condition is { Type: "Ready", Status: "True" };

    private static IEnumerable<string> NamesOf(IEnumerable<Seen> changes, WatchEventType type) =>
        changes.Where(change => change.Type == type).Select(change => change.Name);

    private static Dictionary<string, string> Fold(IEnumerable<Seen> changes)
    {
        var state = new Dictionary<string, string>();
        foreach (var change in changes)
        {
            if (change.Type == WatchEventType.Deleted)
            {
                state.Remove(change.Name);
            }
            else
            {
                state[change.Name] = change.Version;
            }
        }

        return state;
    }
}
