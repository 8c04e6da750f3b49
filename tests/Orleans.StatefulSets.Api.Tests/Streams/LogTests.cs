using System.Text;
using Orleans.StatefulSets.Api.Tests.Cluster;
using Orleans.StatefulSets.Grains.Streaming;
using Orleans.StatefulSets.Resources.Errors;

namespace Orleans.StatefulSets.Api.Tests.Streams;

public sealed class LogTests : IAsyncLifetime
{
    private const string Pods = "/api/v1/namespaces/default/pods";

    private RunningApi api = null!;

    public async Task InitializeAsync()
    {
        // A log that is followed takes no seat: with one seat, everything else is still served.
        api = await RunningApi.StartAsync(options => options.MaxRequestsInFlight = 1);
        api.AddPod("web-0");
        api.AddPod("several", ["a", "b"], ["first"]);
        api.AddPod("pending", node: null);
    }

    public async Task DisposeAsync()
    {
        Assert.Empty(api.Writer.Failures);
        await api.DisposeAsync();
    }

    [Fact]
    public async Task A_log_is_plain_text()
    {
        api.Pods.Log = ["one\n", "two\n"];

        var reply = await api.GetAsync($"{Pods}/web-0/log", "text/plain");

        Assert.Equal((200, "text/plain", "one\ntwo\n"), (reply.Code, reply.Headers["Content-Type"], reply.Text));
        Assert.Equal(new LogRequest { Container = "main" }, Assert.Single(api.Pods.LogRequests));
    }

    [Fact]
    public async Task Every_option_goes_to_the_node()
    {
        api.Pods.Write(null);
        var query = "container=b&follow=true&previous=1&timestamps=True&tailLines=0&limitBytes=1&insecureSkipTLSVerifyBackend=true";
        await api.GetAsync($"{Pods}/several/log?{query}&sinceSeconds=60");
        await api.GetAsync($"{Pods}/several/log?{query}&sinceTime=2025-06-01T02:00:00.123456789%2B02:00");
        await api.GetAsync($"{Pods}/several/log?container=first&sinceTime=2025-06-01T00:00:00Z");

        var common = new LogRequest { Container = "b", Follow = true, Previous = true, Timestamps = true, TailLines = 0, LimitBytes = 1 };
        Assert.Equal(
            [
                common with { SinceSeconds = 60 },
                common with { SinceTime = new DateTime(2025, 6, 1, 0, 0, 0, DateTimeKind.Utc).AddTicks(1_234_567) },
                new LogRequest { Container = "first", SinceTime = new DateTime(2025, 6, 1, 0, 0, 0, DateTimeKind.Utc) },
            ],
            api.Pods.LogRequests);
    }

    [Theory]
    [InlineData("sinceSeconds=0", "sinceSeconds: Invalid value: 0: must be greater than 0")]
    [InlineData("tailLines=-1", "tailLines: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("limitBytes=0", "limitBytes: Invalid value: 0: must be greater than 0")]
    [InlineData("sinceSeconds=5&sinceTime=2025-06-01T00:00:00Z", ": Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified")]
    [InlineData("stream=Stdout", "stream: Forbidden: may not be specified")]
    public async Task What_makes_no_sense_is_invalid(string query, string complaint)
    {
        var reply = await api.GetAsync($"{Pods}/web-0/log?{query}");

        Assert.Equal((422, $"PodLogOptions \"web-0\" is invalid: {complaint}"), (reply.Code, reply.Message));
        Assert.Empty(api.Pods.LogRequests);
    }

    [Theory]
    [InlineData("nowhere/log", 404, "pods \"nowhere\" not found")]
    [InlineData("several/log", 400, "a container name must be specified for pod several, choose one of: [first a b]")]
    [InlineData("several/log?container=c", 400, "container c is not valid for pod several")]
    [InlineData("web-0/log?tailLines=x", 400, "strconv.ParseInt: parsing \"x\": invalid syntax")]
    [InlineData("web-0/log?sinceTime=yesterday", 400, "parsing time \"yesterday\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"yesterday\" as \"2006\"")]
    public async Task What_cannot_be_read_is_refused(string path, int code, string message)
    {
        var reply = await api.GetAsync($"{Pods}/{path}");

        Assert.Equal((code, message), (reply.Code, reply.Message));
    }

    [Fact]
    public async Task A_pod_without_a_node_has_written_nothing()
    {
        api.Pods.Log = ["of somebody else"];

        var reply = await api.GetAsync($"{Pods}/pending/log");

        Assert.Equal((200, ""), (reply.Code, reply.Text));
    }

    [Fact]
    public async Task The_nodes_refusal_is_a_status()
    {
        api.Pods.Refusal = ApiErrors.BadRequest("container \"main\" in pod \"web-0\" is waiting to start: ContainerCreating");

        var reply = await api.GetAsync($"{Pods}/web-0/log");

        Assert.Equal((400, "container \"main\" in pod \"web-0\" is waiting to start: ContainerCreating"), (reply.Code, reply.Message));
    }

    [Fact]
    public async Task A_log_that_is_followed_comes_as_it_is_written()
    {
        api.Pods.Log = ["old\n"];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var response = await api.Http.GetAsync(new Uri($"{Pods}/web-0/log?follow=true", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        await using var log = await response.Content.ReadAsStreamAsync();
        Assert.Equal("old\n", await PieceAsync(log, patience.Token));

        api.Pods.Write("new");
        Assert.Equal("new", await PieceAsync(log, patience.Token));
        Assert.Equal(200, (await api.GetAsync(Pods)).Code);
        Assert.Equal(0, api.ReadsInFlight);

        api.Pods.Write(null);
        Assert.Equal("", await PieceAsync(log, patience.Token));
    }

    [Fact]
    public async Task Who_goes_follows_no_more()
    {
        api.Pods.Log = ["old\n"];
        using (await api.Http.GetAsync(new Uri($"{Pods}/web-0/log?follow=true", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead))
        {
        }

        await api.Pods.LogLeft.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_log_that_is_followed_ends_whole_when_the_server_stops()
    {
        api.Pods.Log = ["old\n"];
        using var response = await api.Http.GetAsync(new Uri($"{Pods}/web-0/log?follow=true", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        var stopping = api.StopAsync();

        Assert.Equal("old\n", await response.Content.ReadAsStringAsync());
        await stopping;
    }

    private static async Task<string> PieceAsync(Stream log, CancellationToken cancellation)
    {
        var buffer = new byte[100];
        return Encoding.UTF8.GetString(buffer, 0, await log.ReadAsync(buffer, cancellation));
    }
}
