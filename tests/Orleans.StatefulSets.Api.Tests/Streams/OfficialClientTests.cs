using System.Text;
using k8s;
using Orleans.StatefulSets.Api.Tests.Cluster;

namespace Orleans.StatefulSets.Api.Tests.Streams;

/// <summary>The official C# client looks into pods, as a program would use it.</summary>
public sealed class OfficialClientTests : IAsyncLifetime
{
    private RunningApi api = null!;
    private Kubernetes client = null!;

    public async Task InitializeAsync()
    {
        api = await RunningApi.StartAsync();
        api.AddPod("web-0");
        client = new Kubernetes(new KubernetesClientConfiguration { Host = api.Url });
    }

    public async Task DisposeAsync()
    {
        client.Dispose();
        Assert.Empty(api.Writer.Failures);
        await api.DisposeAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task Exec_gives_both_outputs_and_the_exit_code(int code)
    {
        var said = "";
        var exit = await client.NamespacedPodExecAsync(
            "web-0", "default", "main", ["complain", $"{code}"], tty: false,
            async (_, output, errors) =>
            {
                using var first = new StreamReader(output);
                using var second = new StreamReader(errors);
                said = await first.ReadLineAsync() + "," + await second.ReadLineAsync();
            },
            CancellationToken.None);

        Assert.Equal((code, "out,err"), (exit, said));
    }

    [Fact]
    public async Task Exec_takes_input()
    {
        var socket = await client.WebSocketNamespacedPodExecAsync("web-0", "default", ["cat"], "main", tty: false);
        using var demuxer = new StreamDemuxer(socket);
        demuxer.Start();
        await using var stream = demuxer.GetStream(ChannelIndex.StdOut, ChannelIndex.StdIn);
        var bytes = ScriptedPrograms.Pattern(500_000);
        var writing = stream.WriteAsync(bytes).AsTask();
        var read = new byte[bytes.Length];
        await stream.ReadExactlyAsync(read);
        await writing;

        Assert.Equal(bytes, read);
    }

    [Fact]
    public async Task A_log_is_a_stream()
    {
        api.Pods.Log = ["one\n", "two\n"];
        await using var log = await client.CoreV1.ReadNamespacedPodLogAsync("web-0", "default", tailLines: 2);
        using var lines = new StreamReader(log);

        Assert.Equal("one\ntwo\n", await lines.ReadToEndAsync());
        Assert.Equal(2, Assert.Single(api.Pods.LogRequests).TailLines);
    }

    [Fact]
    public async Task A_port_is_forwarded()
    {
        var socket = await client.WebSocketNamespacedPodPortForwardAsync("web-0", "default", [ScriptedServers.Http, 81], "v4.channel.k8s.io");
        using var demuxer = new StreamDemuxer(socket, StreamType.PortForward);
        demuxer.Start();
        await using var served = demuxer.GetStream((byte?)0, (byte?)0);
        await using var failed = demuxer.GetStream((byte?)3, null);
        await served.WriteAsync("GET /x HTTP/1.1\r\n\r\n"u8.ToArray());
        using var answer = new StreamReader(served);
        Assert.Equal("HTTP/1.1 200 OK", await answer.ReadLineAsync());

        var why = new byte[21];
        await failed.ReadExactlyAsync(why);
        Assert.Equal("error forwarding port", Encoding.ASCII.GetString(why));
    }
}
