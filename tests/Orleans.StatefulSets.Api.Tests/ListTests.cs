using System.IO.Compression;
using Orleans.StatefulSets.Api.Tests.Cluster;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Api.Tests;

public sealed class ListTests : IAsyncLifetime
{
    private RunningApi api = null!;

    public async Task InitializeAsync() => api = await RunningApi.StartAsync();

    public async Task DisposeAsync() => await api.DisposeAsync();

    [Fact]
    public async Task List_of_one_namespace_leaves_out_the_others()
    {
        api.Add(ResourceKinds.Pods, "a");
        api.Add(ResourceKinds.Pods, "b", @namespace: "other");

        var one = await api.GetAsync("/api/v1/namespaces/default/pods");
        var all = await api.GetAsync("/api/v1/pods");

        Assert.Equal(["a"], one.Names);
        Assert.Equal(["a", "b"], all.Names);
        Assert.Equal("PodList", one.Json["kind"]!.GetValue<string>());
        Assert.Equal("102", one.Json["metadata"]!["resourceVersion"]!.GetValue<string>());
    }

    [Fact]
    public async Task Pages_show_the_first_pages_version_whatever_happens_meanwhile()
    {
        foreach (var name in new[] { "a", "b", "c", "d" })
        {
            api.Add(ResourceKinds.ConfigMaps, name);
        }

        var first = await api.GetAsync("/api/v1/namespaces/default/configmaps?limit=2");
        api.Remove(api.Replica.Find(ResourceKinds.ConfigMaps.Key("default", "c"))!);
        api.Add(ResourceKinds.ConfigMaps, "bb");
        var second = await api.GetAsync($"/api/v1/namespaces/default/configmaps?limit=2&continue={first.Json["metadata"]!["continue"]}");

        Assert.Equal(["a", "b"], first.Names);
        Assert.Equal(2, first.Json["metadata"]!["remainingItemCount"]!.GetValue<int>());
        Assert.Equal(["c", "d"], second.Names);
        Assert.Equal("104", second.Json["metadata"]!["resourceVersion"]!.GetValue<string>());
        Assert.Null(second.Json["metadata"]!["continue"]);
    }

    [Fact]
    public async Task A_token_of_a_forgotten_version_is_410_with_a_token_to_go_on_inconsistently()
    {
        foreach (var name in new[] { "a", "b", "c" })
        {
            api.Add(ResourceKinds.ConfigMaps, name);
        }

        var first = await api.GetAsync("/api/v1/namespaces/default/configmaps?limit=1");
        api.Add(ResourceKinds.ConfigMaps, "bb");
        api.Replica.Forget();
        var expired = await api.GetAsync($"/api/v1/namespaces/default/configmaps?limit=1&continue={first.Json["metadata"]!["continue"]}");
        var rest = await api.GetAsync($"/api/v1/namespaces/default/configmaps?continue={expired.Json["metadata"]!["continue"]}");

        Assert.Equal(410, expired.Code);
        Assert.Equal("Expired", expired.Reason);
        Assert.StartsWith("The provided continue parameter is too old to display a consistent list result.", expired.Message);
        Assert.Equal(["b", "bb", "c"], rest.Names);
    }

    [Fact]
    public async Task Version_zero_knows_no_pages()
    {
        api.Add(ResourceKinds.Pods, "a");
        api.Add(ResourceKinds.Pods, "b");

        Assert.Equal(["a", "b"], (await api.GetAsync("/api/v1/pods?limit=1&resourceVersion=0")).Names);
    }

    [Fact]
    public async Task An_exact_version_shows_the_past()
    {
        api.Add(ResourceKinds.Pods, "a");
        api.Add(ResourceKinds.Pods, "b");

        Assert.Equal(["a"], (await api.GetAsync("/api/v1/pods?resourceVersion=101&resourceVersionMatch=Exact")).Names);
        Assert.Equal(["a", "b"], (await api.GetAsync("/api/v1/pods?resourceVersion=101&resourceVersionMatch=NotOlderThan")).Names);
    }

    [Theory]
    [InlineData("resourceVersionMatch=Exact", 422, "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided")]
    [InlineData("resourceVersionMatch=Exact&resourceVersion=0", 422, "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"")]
    [InlineData("resourceVersionMatch=Some&resourceVersion=1", 422, "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Unsupported value: \"Some\": supported values: \"Exact\", \"NotOlderThan\", \"\"")]
    [InlineData("sendInitialEvents=true", 422, "ListOptions.meta.k8s.io \"\" is invalid: sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list")]
    [InlineData("resourceVersion=x", 400, "invalid resource version: resourceVersion: Invalid value: \"x\": strconv.ParseUint: parsing \"x\": invalid syntax")]
    [InlineData("continue=abc", 400, "invalid continue token: continue key is not valid: unexpected token")]
    [InlineData("continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MCwic3RhcnQiOiJhIn0", 400, "invalid continue token: continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)")]
    [InlineData("continue=eyJ2IjoidjIiLCJydiI6MSwic3RhcnQiOiJhIn0", 400, "invalid continue token: continue key is not valid: server does not recognize this encoded version v2")]
    [InlineData("limit=x", 400, "strconv.ParseInt: parsing \"x\": invalid syntax")]
    [InlineData("fieldSelector=spec.colour%3Dred", 400, "field label not supported: spec.colour")]
    public async Task Wrong_options_are_refused_in_upstreams_words(string query, int code, string message)
    {
        var reply = await api.GetAsync("/api/v1/pods?" + query);

        Assert.Equal(code, reply.Code);
        Assert.Equal(message, reply.Message);
        Assert.Equal("Failure", reply.Json["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_version_of_the_future_times_out_with_its_cause()
    {
        var reply = await api.GetAsync("/api/v1/pods?resourceVersion=999999");

        Assert.Equal(504, reply.Code);
        Assert.Equal("ResourceVersionTooLarge", reply.Json["details"]!["causes"]![0]!["reason"]!.GetValue<string>());
        Assert.Equal("1", reply.Headers["Retry-After"]);
    }

    [Fact]
    public async Task A_read_that_the_journal_does_not_confirm_times_out_and_one_of_any_version_does_not_wait()
    {
        await using var slow = await RunningApi.StartAsync(options => options.RequestTimeout = TimeSpan.FromMilliseconds(50));
        slow.Replica.HeadUnconfirmed = true;

        var reply = await slow.GetAsync("/api/v1/pods");

        Assert.Equal((504, "Timeout"), (reply.Code, reply.Reason));
        Assert.Equal("Timeout: request did not complete within requested timeout - context deadline exceeded", reply.Message);
        Assert.Equal(200, (await slow.GetAsync("/api/v1/pods?resourceVersion=0")).Code);
    }

    [Fact]
    public async Task A_request_under_way_does_not_keep_a_server_that_stops()
    {
        await using var slow = await RunningApi.StartAsync(options => (options.StopTimeout, options.RequestTimeout) = (TimeSpan.FromMilliseconds(50), TimeSpan.FromHours(1)));
        slow.Replica.HeadUnconfirmed = true;
        var reading = slow.GetAsync("/api/v1/pods");
        await slow.Replica.HeadAwaited;

        await slow.StopAsync();

        Assert.Equal((504, "Timeout"), ((await reading).Code, (await reading).Reason));
    }

    [Fact]
    public async Task Selectors_choose_by_label_and_name()
    {
        api.Add(ResourceKinds.Pods, "a", "app=x");
        api.Add(ResourceKinds.Pods, "b", "app=y");

        Assert.Equal(["b"], (await api.GetAsync("/api/v1/pods?labelSelector=app%3Dy")).Names);
        Assert.Equal(["a"], (await api.GetAsync("/api/v1/namespaces/default/pods?fieldSelector=metadata.name%3Da")).Names);
        Assert.Empty((await api.GetAsync("/api/v1/namespaces/default/pods?fieldSelector=metadata.name%3Da&labelSelector=app%3Dy")).Names);
    }

    [Fact]
    public async Task A_long_list_is_compressed_for_who_accepts_it()
    {
        foreach (var number in Enumerable.Range(0, 1000))
        {
            api.Add(ResourceKinds.Pods, $"pod-{number:d4}", "app=x");
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/pods");
        request.Headers.Add("Accept-Encoding", "gzip");
        using var response = await api.Http.SendAsync(request);
        using var plain = new StreamReader(new GZipStream(await response.Content.ReadAsStreamAsync(), CompressionMode.Decompress));

        Assert.Equal("gzip", response.Content.Headers.ContentEncoding.Single());
        Assert.Equal((await api.GetAsync("/api/v1/pods")).Text, await plain.ReadToEndAsync());
    }
}
