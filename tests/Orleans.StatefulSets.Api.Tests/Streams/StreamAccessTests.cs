using System.Buffers.Text;
using System.Text;
using Orleans.StatefulSets.Api.Tests.Cluster;

namespace Orleans.StatefulSets.Api.Tests.Streams;

/// <summary>Who may look into pods: upgrades are checked like any request.</summary>
public sealed class StreamAccessTests : IAsyncLifetime
{
    private const string Path = "/api/v1/namespaces/default/pods/web-0/exec?command=echo&stdout=1";

    private RunningApi api = null!;

    public async Task InitializeAsync()
    {
        api = await RunningApi.StartAsync(options => options.BearerToken = "right");
        api.AddPod("web-0");
    }

    public async Task DisposeAsync() => await api.DisposeAsync();

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Host", "evil.example")]
    public async Task Pages_of_other_origins_cannot_look_into_pods(string header, string value)
    {
        using var client = new ChannelClient("v4.channel.k8s.io");
        client.SetHeader(header, value);

        Assert.Equal(403, await client.RefusedAsync(api, Path));
        Assert.Empty(api.Pods.Execs);
    }

    [Fact]
    public async Task A_page_may_show_its_token_as_a_subprotocol()
    {
        using var client = await ChannelClient.OpenAsync(api, Path, Token("right"), "v4.channel.k8s.io");

        Assert.Equal("v4.channel.k8s.io", client.Protocol);
        Assert.Equal("1:\n", await client.ReceiveAsync());
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("")]
    public async Task A_wrong_token_is_refused_wherever_it_is_shown(string token)
    {
        using var client = new ChannelClient(Token(token), "v4.channel.k8s.io");
        Assert.Equal(401, await client.RefusedAsync(api, Path));

        using var garbled = new ChannelClient(Token(token) + "!", "v4.channel.k8s.io");
        Assert.Equal(401, await garbled.RefusedAsync(api, Path));
        Assert.Empty(api.Pods.Execs);
    }

    private static string Token(string token) => "base64url.bearer.authorization.k8s.io." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(token));
}
