using Orleans.StatefulSets.Api.Tests.Cluster;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Api.Tests;

public sealed class WatchTests : IAsyncLifetime
{
    private RunningApi api = null!;

    public async Task InitializeAsync() => api = await RunningApi.StartAsync(options => options.BookmarkInterval = TimeSpan.FromMilliseconds(50));

    public async Task DisposeAsync() => await api.DisposeAsync();

    [Fact]
    public async Task Watch_without_a_version_begins_with_the_state()
    {
        api.Add(ResourceKinds.Pods, "a");
        using var watch = await WatchReader.OpenAsync(api, "/api/v1/namespaces/default/pods?watch=true");

        Assert.Equal("ADDED a@101", await watch.NextTextAsync());
        var b = api.Add(ResourceKinds.Pods, "b");
        Assert.Equal("ADDED b@102", await watch.NextTextAsync());
        api.Add(ResourceKinds.Pods, "elsewhere", @namespace: "other");
        api.Add(ResourceKinds.Pods, "a", "x=y");
        Assert.Equal("MODIFIED a@104", await watch.NextTextAsync());
        api.Remove(b);
        Assert.Equal("DELETED b@105", await watch.NextTextAsync());
    }

    [Fact]
    public async Task Watch_from_a_version_gives_only_what_came_after()
    {
        api.Add(ResourceKinds.Pods, "a");
        api.Add(ResourceKinds.Pods, "b");
        using var watch = await WatchReader.OpenAsync(api, "/api/v1/pods?watch=1&resourceVersion=101");

        Assert.Equal("ADDED b@102", await watch.NextTextAsync());
    }

    [Fact]
    public async Task A_forgotten_version_is_an_event_and_not_an_answer()
    {
        api.Add(ResourceKinds.Pods, "a");
        api.Add(ResourceKinds.Pods, "b");
        api.Replica.Forget();
        using var watch = await WatchReader.OpenAsync(api, "/api/v1/pods?watch=true&resourceVersion=101");

        var error = (await watch.NextAsync())!;
        Assert.Equal(200, watch.Code);
        Assert.Equal("ERROR", error["type"]!.GetValue<string>());
        Assert.Equal("Expired", error["object"]!["reason"]!.GetValue<string>());
        Assert.Equal(410, error["object"]!["code"]!.GetValue<int>());
        Assert.Null(await watch.NextAsync());
    }

    [Fact]
    public async Task Behind_a_selector_an_object_appears_and_goes_as_its_labels_change()
    {
        api.Add(ResourceKinds.Pods, "a", "app=x");
        using var watch = await WatchReader.OpenAsync(api, "/api/v1/pods?watch=true&resourceVersion=101&labelSelector=app%3Dy");

        api.Add(ResourceKinds.Pods, "a", "app=y");
        Assert.Equal("ADDED a@102", await watch.NextTextAsync());
        api.Add(ResourceKinds.Pods, "a", "app=y,more=z");
        Assert.Equal("MODIFIED a@103", await watch.NextTextAsync());
        api.Add(ResourceKinds.Pods, "a", "app=x");

        // The event carries the last state that matched, at the version of the change.
        var gone = (await watch.NextAsync())!;
        Assert.Equal("DELETED", gone["type"]!.GetValue<string>());
        Assert.Equal("y", gone["object"]!["metadata"]!["labels"]!["app"]!.GetValue<string>());
        Assert.Equal("104", gone["object"]!["metadata"]!["resourceVersion"]!.GetValue<string>());
    }

    [Fact]
    public async Task Bookmarks_say_how_far_the_watch_is()
    {
        using var watch = await WatchReader.OpenAsync(api, "/api/v1/pods?watch=true&resourceVersion=100&allowWatchBookmarks=true");
        api.Add(ResourceKinds.Services, "unseen");

        var text = await watch.NextTextAsync();
        while (text == "BOOKMARK @100")
        {
            text = await watch.NextTextAsync();
        }

        Assert.Equal("BOOKMARK @101", text);
    }

    [Fact]
    public async Task Initial_events_end_with_an_annotated_bookmark()
    {
        api.Add(ResourceKinds.Pods, "a");
        using var watch = await WatchReader.OpenAsync(
            api, "/api/v1/pods?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true");

        Assert.Equal("ADDED a@101", await watch.NextTextAsync());
        var end = (await watch.NextAsync())!;
        Assert.Equal("true", end["object"]!["metadata"]!["annotations"]!["k8s.io/initial-events-end"]!.GetValue<string>());
        Assert.Equal("Pod", end["object"]!["kind"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_watch_ends_when_its_time_is_over()
    {
        using var watch = await WatchReader.OpenAsync(api, "/api/v1/pods?watch=true&timeoutSeconds=1&resourceVersion=100");

        Assert.Null(await watch.NextAsync());
        Assert.Equal(0, api.Replica.OpenWatches);
    }

    [Fact]
    public async Task A_watch_that_the_replica_ends_is_closed()
    {
        api.Add(ResourceKinds.Pods, "a");
        using var watch = await WatchReader.OpenAsync(api, "/api/v1/pods?watch=true");
        await watch.NextAsync();

        api.Replica.EndWatches();

        Assert.Null(await watch.NextAsync());
    }

    [Fact]
    public async Task A_watch_of_tables_sends_its_columns_once()
    {
        api.Add(ResourceKinds.Pods, "a");
        api.Add(ResourceKinds.Pods, "b");
        using var watch = await WatchReader.OpenAsync(api, "/api/v1/pods?watch=true", "application/json;as=Table;v=v1;g=meta.k8s.io,application/json");

        var first = (await watch.NextAsync())!["object"]!;
        var second = (await watch.NextAsync())!["object"]!;
        Assert.Equal("Table", first["kind"]!.GetValue<string>());
        Assert.NotEmpty(first["columnDefinitions"]!.AsArray());
        Assert.Null(second["columnDefinitions"]);
        Assert.Equal("b", second["rows"]![0]!["cells"]![0]!.GetValue<string>());
    }

    [Fact]
    public async Task A_bookmark_in_a_watch_of_tables_has_a_cell_a_column()
    {
        using var watch = await WatchReader.OpenAsync(
            api, "/api/v1/pods?watch=true&resourceVersion=100&allowWatchBookmarks=true", "application/json;as=Table;v=v1;g=meta.k8s.io");

        var table = (await watch.NextAsync())!["object"]!;
        Assert.Equal("100", table["metadata"]!["resourceVersion"]!.GetValue<string>());
        Assert.Equal(table["columnDefinitions"]!.AsArray().Count, table["rows"]![0]!["cells"]!.AsArray().Count);
        Assert.Equal("100", table["rows"]![0]!["object"]!["metadata"]!["resourceVersion"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_old_watch_paths_watch_one_object_by_name()
    {
        api.Add(ResourceKinds.Pods, "a");
        api.Add(ResourceKinds.Pods, "b");
        using var watch = await WatchReader.OpenAsync(api, "/api/v1/watch/namespaces/default/pods/b");

        Assert.Equal("ADDED b@102", await watch.NextTextAsync());
    }

    [Fact]
    public async Task Stopping_the_server_ends_its_watches()
    {
        var other = await RunningApi.StartAsync();
        using var watch = await WatchReader.OpenAsync(other, "/api/v1/pods?watch=true&resourceVersion=100");

        var ended = watch.NextAsync();
        await other.StopAsync();

        Assert.Null(await ended);
        await other.DisposeAsync();
    }
}
