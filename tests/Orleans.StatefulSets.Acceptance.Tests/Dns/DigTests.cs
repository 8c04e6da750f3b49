using System.Net;
using System.Net.Sockets;
using Orleans.StatefulSets.Acceptance.Tests.Kubectl;
using Orleans.StatefulSets.Acceptance.Tests.Manifests;
using Orleans.StatefulSets.Acceptance.Tests.Servers;

namespace Orleans.StatefulSets.Acceptance.Tests.Dns;

/// <summary>The cluster's names as the real dig finds them on the port that <c>--dns</c> gives.</summary>
[Collection(ServerCollection.Name)]
public sealed class DigTests
{
    private const string Service = "nginx.default.svc.cluster.local";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [SkippableFact]
    public async Task A_pod_that_moves_keeps_its_name_and_has_another_address()
    {
        Requirement.Of(File.Exists("/usr/bin/dig"), "dig");
        var port = FreePorts.Take(1)[0];
        await using var server = await ServerProcess.StartAsync("--storage", "memory", "--latency", "none", "--dns", $"127.0.0.1:{port}");
        var home = Directory.CreateTempSubdirectory("dig-");
        var kubectl = new KubectlSession(KubectlVersion.Newest, home.FullName, server.Kubeconfig);
        await kubectl.OutputAsync($"apply -f {TutorialManifests.Web}");
        await kubectl.OutputAsync("rollout status statefulset/web --timeout=60s");
        await Deadline.WaitAsync(Limit, async () => await DigAsync(port, $"+short {Service}") is { Length: > 0 } text && text.Split('\n').Length == 2, () => "no two addresses");

        // Each by name, over UDP and over TCP; all of them by the Service's, with the ports.
        var before = await kubectl.OutputAsync("get pod web-1 -o jsonpath={.status.podIP}");
        Assert.Equal(before, await DigAsync(port, $"+short web-1.{Service}"));
        Assert.Equal(before, await DigAsync(port, $"+short +tcp web-1.{Service}"));
        Assert.Equal($"web-1.{Service}.", await DigAsync(port, $"+short -x {before}"));
        Assert.Equal($"0 50 80 web-0.{Service}.\n0 50 80 web-1.{Service}.", await DigAsync(port, $"+short SRV {Service}"));
        Assert.Equal("10.96.0.10", await DigAsync(port, "+short kube-dns.kube-system.svc.cluster.local"));
        Assert.Contains("status: NXDOMAIN", await DigAsync(port, $"web-7.{Service}"), StringComparison.Ordinal);
        Assert.Contains("flags: qr aa rd; QUERY: 1, ANSWER: 0, AUTHORITY: 1", await DigAsync(port, $"AAAA {Service}"), StringComparison.Ordinal);
        Assert.Contains("status: BADVERS", await DigAsync(port, $"+edns=1 +noednsneg {Service}"), StringComparison.Ordinal);
        Assert.Contains("status: REFUSED", await DigAsync(port, "CH TXT version.bind"), StringComparison.Ordinal);
        Assert.Contains("Transfer failed.", await DigAsync(port, "AXFR cluster.local"), StringComparison.Ordinal);

        var node = await kubectl.OutputAsync("get pod web-1 -o jsonpath={.spec.nodeName}");
        await kubectl.OutputAsync($"cordon {node}");
        await kubectl.OutputAsync("delete pod web-1 --wait=true");
        await Deadline.WaitAsync(Limit, async () => await DigAsync(port, $"+short web-1.{Service}") is { Length: > 0 } now && now != before, () => "web-1 has no other address");

        Assert.NotEqual(node, await kubectl.OutputAsync("get pod web-1 -o jsonpath={.spec.nodeName}"));
        Assert.Equal(await kubectl.OutputAsync("get pod web-1 -o jsonpath={.status.podIP}"), await DigAsync(port, $"+short web-1.{Service}"));
        Assert.Equal("", await DigAsync(port, $"+short -x {before}"));
        await server.StopAsync();
        home.Delete(recursive: true);
    }

    [Theory]
    [InlineData(ProtocolType.Udp)]
    [InlineData(ProtocolType.Tcp)]
    public async Task A_taken_port_is_one_line_and_the_program_ends(ProtocolType protocol)
    {
        using var other = new Socket(AddressFamily.InterNetwork, protocol == ProtocolType.Udp ? SocketType.Dgram : SocketType.Stream, protocol);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        if (protocol == ProtocolType.Tcp)
        {
            other.Listen();
        }

        var folder = Directory.CreateTempSubdirectory("dig-");
        var free = FreePorts.Take(3);
        await using var process = ServerProcess.Launch(
            ["--dns", $"{other.LocalEndPoint}", "--urls", $"http://127.0.0.1:{free[0]}", "--silo-port", $"{free[1]}", "--gateway-port", $"{free[2]}", "--data", folder.FullName, "--storage", "memory"]);

        Assert.Equal(1, await process.WaitForExitAsync(Limit));
        Assert.Equal([$"{other.LocalEndPoint} is already in use; choose another address with --dns"], process.Errors);
        Assert.Empty(process.Output);
        folder.Delete(recursive: true);
    }

    private static async Task<string> DigAsync(int port, string command)
    {
        await using var dig = CapturedProcess.Start("/usr/bin/dig", ["@127.0.0.1", "-p", $"{port}", "+tries=3", "+time=5", .. command.Split(' ')], new Dictionary<string, string?>());
        await dig.WaitForExitAsync(Limit);
        return string.Join('\n', dig.Output);
    }
}
