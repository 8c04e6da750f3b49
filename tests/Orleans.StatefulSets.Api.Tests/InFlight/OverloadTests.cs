using Orleans.StatefulSets.Api.Tests.Cluster;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Api.Tests.InFlight;

/// <summary>One write is served at once and one waits: whatever is more than that is too much.</summary>
public sealed class OverloadTests : IAsyncLifetime
{
    private const string ConfigMaps = "/api/v1/namespaces/default/configmaps";

    private readonly TaskCompletionSource gate = new();
    private RunningApi api = null!;

    public async Task InitializeAsync()
    {
        api = await RunningApi.StartAsync(options =>
        {
            options.MaxMutatingRequestsInFlight = 1;
            options.MaxRequestsInFlight = 1;
            options.MaxRequestsQueued = 1;
        });
        api.Writer.Gate = gate.Task;
    }

    public async Task DisposeAsync()
    {
        gate.TrySetResult();
        await api.DisposeAsync();
    }

    // The first two are served, in whatever order they came; which of three is refused is the network's choice.
    [Fact]
    public async Task Too_many_writes_are_told_to_come_back_and_what_was_accepted_is_finished()
    {
        var writes = Enumerable.Range(0, 5).Select(i => CreateAsync($"c{i}")).ToList();
        var refused = new List<Reply>();
        while (refused.Count < 3)
        {
            var done = await Task.WhenAny(writes);
            writes.Remove(done);
            refused.Add(await done);
        }

        Assert.All(refused, reply =>
        {
            Assert.Equal(429, reply.Code);
            Assert.Equal("1", reply.Headers["Retry-After"]);
            Assert.Equal("Status", reply.Json["kind"]!.GetValue<string>());
            Assert.Equal("TooManyRequests", reply.Reason);
            Assert.Equal("Too many requests, please try again later.", reply.Message);
            Assert.Equal(1, reply.Json["details"]!["retryAfterSeconds"]!.GetValue<int>());
        });
        gate.SetResult();
        Assert.All(await Task.WhenAll(writes), reply => Assert.Equal(201, reply.Code));

        // Refused is not done.
        Assert.Equal(2, api.Writer.Requests.Count);
    }

    [Fact]
    public async Task Health_reads_and_watches_are_answered_while_no_write_is()
    {
        api.Add(ResourceKinds.Pods, "a");
        var writes = new[] { CreateAsync("a"), CreateAsync("b"), CreateAsync("c") };
        Assert.Equal(429, (await await Task.WhenAny(writes)).Code);

        Assert.Equal(200, (await api.GetAsync("/readyz")).Code);
        Assert.Equal(200, (await api.GetAsync("/livez")).Code);
        Assert.Equal(["a"], (await api.GetAsync("/api/v1/pods")).Names);
        using var first = await WatchReader.OpenAsync(api, "/api/v1/pods?watch=true");
        using var second = await WatchReader.OpenAsync(api, "/api/v1/pods?watch=true");
        using var third = await WatchReader.OpenAsync(api, "/api/v1/pods?watch=true");
        Assert.Equal("ADDED a@101", await third.NextTextAsync());
    }

    [Fact]
    public async Task A_client_that_goes_does_not_make_room_while_its_write_is_under_way()
    {
        using var client = new CancellationTokenSource();
        using var body = new StringContent(Manifest("gone"), null, "application/json");
        var gone = api.Http.PostAsync(ConfigMaps, body, client.Token);
        await api.Writer.Begun;
        await client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);

        var writes = new[] { CreateAsync("a"), CreateAsync("b") };
        Assert.Equal(429, (await await Task.WhenAny(writes)).Code);
        gate.SetResult();
        Assert.Contains(201, (await Task.WhenAll(writes)).Select(reply => reply.Code));
        Assert.Contains(api.Writer.Requests, request => request.Key.Name == "gone");
    }

    private static string Manifest(string name) => "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"" + name + "\"}}";

    private Task<Reply> CreateAsync(string name) => api.SendAsync("POST", ConfigMaps, Manifest(name));
}
