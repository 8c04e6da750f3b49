using Orleans.StatefulSets.Api.Tests.Cluster;
using Orleans.StatefulSets.Grains.Time;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Api.Tests.Faults;

/// <summary>Requests that Faults refuse and delay, and those that they never do.</summary>
public sealed class FaultyRequestTests : IAsyncLifetime
{
    private const string Pods = "/api/v1/namespaces/default/pods";
    private const string Faults = "/apis/emulator.statefulsets/v1alpha1/faults";

    private readonly ScriptedFaults faults = new();
    private readonly ManualClock clock = new(new DateTime(2025, 6, 1, 0, 0, 0, DateTimeKind.Utc));
    private RunningApi api = null!;

    public async Task InitializeAsync()
    {
        api = await RunningApi.StartAsync(
            options =>
            {
                options.MaxRequestsQueued = 2;
                options.MaxRequestsInFlight = 1;
            },
            faults: faults,
            clock: clock);
        api.AddPod("web-0");
    }

    public async Task DisposeAsync() => await api.DisposeAsync();

    [Fact]
    public async Task A_request_is_refused_with_a_status_and_when_to_come_back()
    {
        faults.Refusal = request => request.Resource == "pods" ? ApiErrors.TooManyRequests("not now", retryAfterSeconds: 1) : null;

        var reply = await api.GetAsync(Pods);
        Assert.Equal((429, "TooManyRequests", "not now", "1"), (reply.Code, reply.Reason, reply.Message, reply.Headers["Retry-After"]));
        Assert.Equal(200, (await api.GetAsync("/api/v1/nodes")).Code);
    }

    [Fact]
    public async Task What_is_refused_is_not_done()
    {
        faults.Refusal = _ => ApiErrors.InternalError("no");

        Assert.Equal(500, (await api.SendAsync("DELETE", $"{Pods}/web-0")).Code);
        Assert.Empty(api.Writer.Requests);
    }

    [Theory]
    [InlineData("GET", "/apis/apps/v1/namespaces/shop/statefulsets", "list statefulsets.apps shop/")]
    [InlineData("GET", "/api/v1/pods", "list pods /")]
    [InlineData("GET", Pods + "/web-0", "get pods default/web-0")]
    [InlineData("GET", Pods + "/web-0/status", "get pods/status default/web-0")]
    [InlineData("POST", Pods, "create pods default/")]
    [InlineData("PUT", "/apis/apps/v1/namespaces/shop/statefulsets/web/scale", "update statefulsets.apps/scale shop/web")]
    [InlineData("PATCH", "/api/v1/nodes/node-1", "patch nodes /node-1")]
    [InlineData("DELETE", Pods + "/web-0", "delete pods default/web-0")]
    [InlineData("DELETE", Pods, "deletecollection pods default/")]
    [InlineData("GET", Pods + "?watch=true", "watch pods default/")]
    [InlineData("GET", Pods + "/web-0/log", "get pods/log default/web-0")]
    public async Task A_request_is_named_by_its_verb_and_its_resource(string method, string path, string named)
    {
        faults.Refusal = _ => ApiErrors.ServiceUnavailable("no");

        Assert.Equal(503, (await api.SendAsync(method, path, null, "", ("User-Agent", "tester/1"))).Code);
        var asked = Assert.Single(faults.Asked);
        Assert.Equal((named, "tester/1"), ($"{asked.Verb} {asked.ResourceWithGroup} {asked.Namespace}/{asked.Name}", asked.UserAgent));
    }

    [Fact]
    public async Task Faults_themselves_health_and_discovery_are_never_hit()
    {
        faults.Refusal = _ => ApiErrors.InternalError("no");
        faults.Delay = _ => TimeSpan.FromDays(1);
        api.Add(ResourceKinds.Faults, "one");

        foreach (var path in (string[])["/readyz", "/livez", "/version", "/api", "/apis", "/api/v1", "/openapi/v3", "/openapi/v2", Faults, Faults + "/one"])
        {
            Assert.Equal(200, (await api.GetAsync(path)).Code);
        }

        Assert.Equal(200, (await api.SendAsync("DELETE", Faults + "/one")).Code);
        Assert.Empty(faults.Asked);
    }

    [Fact]
    public async Task A_request_is_answered_when_the_simulated_clock_says_so()
    {
        faults.Delay = request => request.Resource == "pods" ? TimeSpan.FromSeconds(30) : TimeSpan.Zero;
        var late = api.GetAsync(Pods);
        await UntilAskedAsync(1);

        // Who is delayed keeps nobody else from being served, not even where one request is served at once.
        Assert.Equal(200, (await api.GetAsync("/api/v1/nodes")).Code);
        clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(200, (await api.GetAsync("/api/v1/nodes")).Code);
        Assert.False(late.IsCompleted);

        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["web-0"], (await late).Names);
    }

    [Fact]
    public async Task Only_so_many_are_delayed_at_once_and_who_goes_makes_room()
    {
        faults.Delay = _ => TimeSpan.FromSeconds(30);
        using var leaving = new CancellationTokenSource();
        var gone = api.Http.GetAsync(Pods, leaving.Token);
        await UntilAskedAsync(1);
        var waits = api.GetAsync(Pods);
        await UntilAskedAsync(2);
        Assert.Equal(429, (await api.GetAsync(Pods)).Code);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        List<Task<Reply>> tries = [];
        while (tries.All(tried => tried.IsCompleted))
        {
            tries.Add(api.GetAsync(Pods));
            await UntilAskedAsync(3 + tries.Count);
            await Task.WhenAny(tries[^1], Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System));
        }

        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(200, (await waits).Code);
        Assert.Equal(200, (await tries[^1]).Code);
    }

    [Fact]
    public async Task While_there_is_none_nothing_is_asked()
    {
        faults.Any = false;

        Assert.Equal(200, (await api.GetAsync(Pods)).Code);
        Assert.Empty(faults.Asked);
    }

    [Fact]
    public async Task The_kind_is_discovered_and_explained()
    {
        var listed = (await api.GetAsync("/apis/emulator.statefulsets/v1alpha1")).Json["resources"]!.AsArray().Select(resource => resource!.ToJsonString());
        Assert.Contains("""{"name":"faults","singularName":"fault","namespaced":false,"kind":"Fault","verbs":["create","delete","deletecollection","get","list","patch","update","watch"]}""", listed);

        var schemas = (await api.GetAsync("/openapi/v3/apis/emulator.statefulsets/v1alpha1")).Json["components"]!["schemas"]!.AsObject();
        var spec = schemas["statefulsets.emulator.v1alpha1.FaultSpec"]!;
        Assert.StartsWith("Action is what goes wrong.", spec["properties"]!["action"]!["description"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("#/components/schemas/statefulsets.emulator.v1alpha1.FaultSelector", spec["properties"]!["selector"]!["allOf"]![0]!["$ref"]!.GetValue<string>());
        Assert.All(
            schemas.Where(schema => schema.Key.StartsWith("statefulsets.emulator.", StringComparison.Ordinal)).SelectMany(schema => schema.Value!["properties"]!.AsObject()),
            property => Assert.NotNull(property.Value!["description"]));
    }

    private async Task UntilAskedAsync(int times)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (faults.Asked.Count < times)
        {
            await tick.WaitForNextTickAsync(patience.Token);
        }
    }
}
