using System.Text;
using k8s;
using Orleans.StatefulSets.Acceptance.Tests.Servers;

namespace Orleans.StatefulSets.Acceptance.Tests.Clients.CSharp;

/// <summary>Into a pod: exec, logs and a forwarded port.</summary>
[Collection(ClientsCollection.Name)]
public sealed class InsideTests(ForgetfulServer forgetful)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_commands_output_and_exit_code_come_back()
    {
        await using var space = await ClientNamespace.OpenAsync(forgetful);
        await space.CreateSetAsync(1);
        using var patience = new CancellationTokenSource(Limit);
        var (output, errors) = ("", "");

        var exitCode = await space.Client.NamespacedPodExecAsync(
            "web-0", space.Name, "nginx", ["sh", "-c", "hostname; echo oh >&2; exit 3"], tty: false,
            async (_, stdout, stderr) =>
            {
                output = await new StreamReader(stdout).ReadToEndAsync(patience.Token);
                errors = await new StreamReader(stderr).ReadToEndAsync(patience.Token);
            },
            patience.Token);

        Assert.Equal(("web-0\n", "oh\n", 3), (output, errors, exitCode));
    }

    [Fact]
    public async Task A_forwarded_port_reaches_the_server_whose_log_tells_of_it()
    {
        await using var space = await ClientNamespace.OpenAsync(forgetful);
        await space.CreateSetAsync(1);
        using var patience = new CancellationTokenSource(Limit);
        using var socket = await space.Client.WebSocketNamespacedPodPortForwardAsync("web-0", space.Name, [80], "v4.channel.k8s.io", cancellationToken: patience.Token);
        using var demuxer = new StreamDemuxer(socket, StreamType.PortForward);
        demuxer.Start();
        await using var stream = demuxer.GetStream((byte?)0, (byte?)0);

        await stream.WriteAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: web-0\r\nConnection: close\r\n\r\n"), patience.Token);
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        while (!answer.ToString().Contains("</html>", StringComparison.Ordinal))
        {
            var count = await stream.ReadAsync(buffer, patience.Token);
            Assert.NotEqual(0, count);
            answer.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }

        Assert.Contains("<title>Welcome to nginx!</title>", answer.ToString(), StringComparison.Ordinal);
        using var log = new StreamReader(await space.Core.ReadNamespacedPodLogAsync("web-0", space.Name, tailLines: 1, cancellationToken: patience.Token));
        Assert.Contains("\"GET / HTTP/1.1\" 200", await log.ReadToEndAsync(patience.Token), StringComparison.Ordinal);
    }
}
