using System.Text;
using Orleans.StatefulSets.Api.Tests.Cluster;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Api.Tests;

/// <summary>Requests that nobody sends on purpose, which a fuzz found to be answered with a failure.</summary>
public sealed class OddRequestTests
{
    [Theory]
    [InlineData("""{"metadata":{"name":"\ud800"}}""", """{"metadata":{"name":"\ufffd"}}""")]
    [InlineData("""{"metadata":{"name":"a"},"data":{"k":"\udc00\\ud800"}}""", """{"metadata":{"name":"a"},"data":{"k":"\ufffd\\ud800"}}""")]
    [InlineData("""{"metadata":{"name":"a"},"data":{"k":"\uD83D\uDE00\ud83d\u0041"}}""", """{"metadata":{"name":"a"},"data":{"k":"\uD83D\uDE00\ufffd\u0041"}}""")]
    [InlineData("""{"metadata":{"name":"a","labels":{"\ud800":"x"}}}""", """{"metadata":{"name":"a","labels":{"\ufffd":"x"}}}""")]
    public async Task An_escape_of_half_a_character_is_read_as_a_replacement_character(string body, string read)
    {
        await using var api = await RunningApi.StartAsync();

        var reply = await api.SendAsync("POST", "/api/v1/namespaces/default/configmaps", body);

        Assert.Equal(201, reply.Code);
        Assert.Equal(read, Encoding.UTF8.GetString(api.Writer.Requests.Single().Body.Span));
        Assert.Empty(api.Writer.Failures);
    }

    [Fact]
    public async Task An_escape_of_half_a_character_in_a_kind_is_another_kind()
    {
        await using var api = await RunningApi.StartAsync();

        var reply = await api.SendAsync("POST", "/api/v1/namespaces/default/configmaps", """{"apiVersion":"v1","kind":"\ud800","metadata":{"name":"a"}}""");

        Assert.Equal((400, "BadRequest"), (reply.Code, reply.Reason));
    }

    [Theory]
    [InlineData("/api/v1/namespaces/default/pods?timeoutSeconds=9223372036854775807")]
    [InlineData("/api/v1/namespaces/default/pods?timeoutSeconds=99999999999")]
    public async Task A_time_out_of_ages_is_none_that_fails(string path)
    {
        await using var api = await RunningApi.StartAsync();
        api.Add(ResourceKinds.Pods, "a");

        Assert.Equal(200, (await api.GetAsync(path)).Code);
        using var watch = await WatchReader.OpenAsync(api, path + "&watch=true");
        Assert.Equal("ADDED a@101", await watch.NextTextAsync());
    }

    [Fact]
    public async Task A_continue_token_that_names_its_version_twice_is_refused()
    {
        await using var api = await RunningApi.StartAsync();

        var reply = await api.GetAsync("/api/v1/pods?continue=" + Convert.ToBase64String("""{"v":"a","rv":1,"v":"b","start":"c"}"""u8).TrimEnd('='));

        Assert.Equal((400, "BadRequest"), (reply.Code, reply.Reason));
        Assert.StartsWith("continue key is not valid", reply.Message.Replace("invalid continue token: ", ""), StringComparison.Ordinal);
    }
}
