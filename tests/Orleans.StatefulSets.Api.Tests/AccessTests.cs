using Orleans.StatefulSets.Api.Tests.Cluster;

namespace Orleans.StatefulSets.Api.Tests;

public sealed class AccessTests
{
    [Theory]
    [InlineData("evil.example:8080", 403)]
    [InlineData("10.0.0.1", 403)]
    [InlineData("localhost.evil.example", 403)]
    [InlineData("localhost:8080", 200)]
    [InlineData("127.0.0.1", 200)]
    [InlineData("[::1]:8080", 200)]
    [InlineData("api.example", 200)]
    public async Task Only_loopback_and_configured_hosts_are_served(string host, int code)
    {
        await using var api = await RunningApi.StartAsync(options => options.AllowedHosts.Add("api.example"));

        Assert.Equal(code, (await api.SendAsync("GET", "/api/v1/pods", null, "", ("Host", host))).Code);
        Assert.Equal(code, (await api.SendAsync("GET", "/page", null, "", ("Host", host))).Code);
    }

    [Theory]
    [InlineData("http://evil.example", 403)]
    [InlineData("null", 403)]
    [InlineData("http://127.0.0.1:1", 403)]
    [InlineData("https://console.example", 200)]
    public async Task Pages_of_other_origins_cannot_drive_the_cluster(string origin, int code)
    {
        await using var api = await RunningApi.StartAsync(options => options.AllowedOrigins.Add("https://console.example"));

        var reply = await api.SendAsync("GET", "/api/v1/pods", null, "", ("Origin", origin));

        Assert.Equal(code, reply.Code);
        Assert.DoesNotContain("Access-Control-Allow-Origin", reply.Headers.Keys);
    }

    [Fact]
    public async Task Pages_of_the_server_itself_can()
    {
        await using var api = await RunningApi.StartAsync();

        Assert.Equal(200, (await api.SendAsync("GET", "/api/v1/pods", null, "", ("Origin", api.Url))).Code);
    }

    [Theory]
    [InlineData("Bearer right", 200)]
    [InlineData("Bearer wrong", 401)]
    [InlineData("", 200)]
    public async Task A_token_is_optional_on_loopback_and_must_be_right(string authorization, int code)
    {
        await using var api = await RunningApi.StartAsync(options => options.BearerToken = "right");

        Assert.Equal(code, (await api.SendAsync("GET", "/api/v1/pods", null, "", ("Authorization", authorization))).Code);
    }
}
