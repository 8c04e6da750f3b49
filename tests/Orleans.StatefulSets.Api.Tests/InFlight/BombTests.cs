using System.Text;
using Orleans.StatefulSets.Api.Tests.Cluster;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Api.Tests.InFlight;

/// <summary>Small requests that would cost much. Each is refused with a Status, and before anything is written.</summary>
public sealed class BombTests : IAsyncLifetime
{
    private const string ConfigMaps = "/api/v1/namespaces/default/configmaps";

    private RunningApi api = null!;

    public async Task InitializeAsync() => api = await RunningApi.StartAsync();

    public async Task DisposeAsync() => await api.DisposeAsync();

    [Theory]
    [InlineData("application/json", "[", "]")]
    [InlineData("application/json", """{"metadata":""", "}")]
    [InlineData("application/yaml", "[", "]")]
    [InlineData("application/yaml", "{a: ", "}")]
    [InlineData("application/yaml", "- ", "")]
    public async Task Deep_nesting_is_refused(string type, string open, string close)
    {
        const int depth = 100_000;
        var inner = string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth));

        AssertRefused(400, await api.SendAsync("POST", ConfigMaps, inner, type));
    }

    [Fact]
    public async Task Aliases_that_grow_beyond_bounds_are_refused()
    {
        var yaml = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (var level = 1; level < 12; level++)
        {
            yaml.Append($"a{level}: &a{level} [{string.Join(',', Enumerable.Repeat($"*a{level - 1}", 10))}]\n");
        }

        var reply = await api.SendAsync("POST", ConfigMaps, yaml.ToString(), "application/yaml");

        AssertRefused(400, reply);
        Assert.Contains("excessive aliasing", reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_selector_of_thousands_of_requirements_is_refused()
    {
        api.Add(ResourceKinds.Pods, "a");
        var many = Uri.EscapeDataString(string.Join(',', Enumerable.Range(0, 2_000).Select(i => $"!l{i}")));

        AssertRefused(400, await api.GetAsync($"/api/v1/pods?labelSelector={many}"));
        var fields = string.Join(',', Enumerable.Range(0, 2_000).Select(_ => "metadata.name!%3Db"));
        AssertRefused(400, await api.GetAsync($"/api/v1/pods?fieldSelector={fields}"));
    }

    [Fact]
    public async Task A_selector_of_a_thousand_values_is_answered()
    {
        api.Add(ResourceKinds.Pods, "a", "app=v7");
        var values = string.Join(',', Enumerable.Range(0, 1_000).Select(i => $"v{i}"));

        Assert.Equal(["a"], (await api.GetAsync($"/api/v1/pods?labelSelector={Uri.EscapeDataString($"app in ({values})")}")).Names);
    }

    [Fact]
    public async Task A_giant_continue_token_is_refused() =>
        AssertRefused(400, await api.GetAsync($"/api/v1/pods?continue={new string('A', 50_000)}"));

    [Fact]
    public async Task A_giant_name_is_not_found() =>
        Assert.Equal(404, (await api.GetAsync($"/api/v1/namespaces/default/pods/{new string('a', 50_000)}")).Code);

    private void AssertRefused(int code, Reply reply)
    {
        Assert.Equal(code, reply.Code);
        Assert.Equal("Status", reply.Json["kind"]!.GetValue<string>());
        Assert.Equal("BadRequest", reply.Reason);
        Assert.Empty(api.Writer.Requests);
        Assert.Empty(api.Writer.Failures);
    }
}
