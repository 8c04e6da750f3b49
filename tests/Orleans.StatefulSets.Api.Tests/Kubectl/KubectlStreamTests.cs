using System.Security.Cryptography;
using Orleans.StatefulSets.Api.Tests.Cluster;
using Orleans.StatefulSets.Resources.Errors;

namespace Orleans.StatefulSets.Api.Tests.Kubectl;

/// <summary>
/// What looks into pods, by real kubectl: 1.27 speaks SPDY, 1.30 WebSockets (and SPDY to forward ports), 1.33 WebSockets alone.
/// </summary>
public sealed class KubectlStreamTests : IAsyncLifetime
{
    private const int Large = 50_000_000;

    private RunningApi api = null!;

    public static TheoryData<string> Versions => ["1.27", "1.30", "1.33"];

    public async Task InitializeAsync()
    {
        api = await RunningApi.StartAsync();
        api.AddPod("web-0");
        api.AddPod("pending", node: null);
    }

    public async Task DisposeAsync()
    {
        await api.DisposeAsync();
        Assert.Empty(api.Writer.Failures);
    }

    [SkippableTheory]
    [MemberData(nameof(Versions))]
    public async Task Exec_shows_both_outputs_and_ends_as_the_command_did(string version)
    {
        using var kubectl = KubectlProgram.Find(version, api);

        Assert.Equal("hello world\n", (await kubectl.RunAsync("exec web-0 -- echo hello world")).Succeeded);
        var failed = await kubectl.RunAsync("exec web-0 -- complain 7");
        Assert.Equal((7, "out\n", "err\ncommand terminated with exit code 7\n"), (failed.Code, failed.Output, failed.Errors));
        Assert.All(api.Pods.Execs, request => Assert.False(request.Stdin));
    }

    [SkippableTheory]
    [MemberData(nameof(Versions))]
    public async Task Every_byte_of_a_long_input_and_of_a_long_output_arrives(string version)
    {
        using var kubectl = KubectlProgram.Find(version, api);
        var bytes = ScriptedPrograms.Pattern(Large);

        var given = await kubectl.RunBytesAsync($"exec web-0 -- bytes {Large}", []);
        Assert.Equal((0, Large), (given.Code, given.Output.Length));
        Assert.True(bytes.AsSpan().SequenceEqual(given.Output));
        var (_, sum, _) = await kubectl.RunBytesAsync("exec -i web-0 -- sum", bytes);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)) + "\n", System.Text.Encoding.ASCII.GetString(sum));
    }

    [SkippableTheory]
    [MemberData(nameof(Versions))]
    public async Task A_terminal_has_a_size_and_takes_what_is_typed(string version)
    {
        using var kubectl = KubectlProgram.Find(version, api);

        Assert.Equal("101x33", await LineAsync(kubectl.StartInTerminal("exec -it web-0 -- size").StandardOutput));
        var typed = kubectl.StartInTerminal("exec -it web-0 -- cat");
        await typed.StandardInput.WriteAsync("typed\n");
        await typed.StandardInput.FlushAsync();
        Assert.Equal("typed", await LineAsync(typed.StandardOutput));
        Assert.Equal((true, true, false), api.Pods.Execs.Last() is var request ? (request.Tty, request.Stdin, request.Stderr) : default);
    }

    [SkippableTheory]
    [MemberData(nameof(Versions))]
    public async Task Attach_takes_part_and_a_kubectl_that_is_ended_hangs_up(string version)
    {
        using var kubectl = KubectlProgram.Find(version, api);

        Assert.Equal("hello", (await kubectl.RunAsync("attach -i web-0", "hello")).Succeeded);
        Assert.Equal(("main", true), Assert.Single(api.Pods.Attaches) is var request ? (request.Container, request.Stdin) : default);

        var following = kubectl.StartInTerminal("exec web-0 -- sleep");
        await WaitForAsync(() => api.Pods.Processes.Count == 2);
        following.Kill(entireProcessTree: true);
        await WaitForAsync(() => api.Pods.Processes.Last().HungUp.IsCancellationRequested && api.StreamSessions == 0);
    }

    [SkippableTheory]
    [MemberData(nameof(Versions))]
    public async Task Files_are_copied_both_ways(string version)
    {
        using var kubectl = KubectlProgram.Find(version, api);
        var folder = Directory.CreateTempSubdirectory("kubectl-cp-").FullName;
        try
        {
            var (here, back) = (Path.Combine(folder, "here"), Path.Combine(folder, "back"));
            await File.WriteAllBytesAsync(here, ScriptedPrograms.Pattern(3_000_000));
            _ = (await kubectl.RunAsync($"cp {here} web-0:/srv/there")).Succeeded;
            Assert.Equal(ScriptedPrograms.Pattern(3_000_000), Assert.Single(api.Pods.Files).Value);

            api.Pods.Files["/etc/file"] = ScriptedPrograms.Pattern(2_000_000);
            _ = (await kubectl.RunAsync($"cp web-0:/etc/file {back}")).Succeeded;
            Assert.Equal(ScriptedPrograms.Pattern(2_000_000), await File.ReadAllBytesAsync(back));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // What a cluster of that kubectl's time says; from 1.30 on, the API server says it after the upgrade.
    [SkippableTheory]
    [InlineData("1.27", "error: unable to upgrade connection: container not found (\"main\")\n")]
    [InlineData("1.30", "error: Internal error occurred: unable to upgrade connection: container not found (\"main\")\n")]
    [InlineData("1.33", "error: Internal error occurred: unable to upgrade connection: container not found (\"main\")\n")]
    public async Task Refusals_come_out_in_the_words_of_a_real_cluster(string version, string notFound)
    {
        using var kubectl = KubectlProgram.Find(version, api);

        async Task<string> ErrorAsync(string arguments) => (await kubectl.RunAsync(arguments)).Errors;
        Assert.Equal("Error from server (NotFound): pods \"nowhere\" not found\n", await ErrorAsync("exec nowhere -- x"));
        Assert.Equal("Error from server (BadRequest): pod pending does not have a host assigned\n", await ErrorAsync("exec pending -- x"));
        Assert.Equal("Error from server (BadRequest): container x is not valid for pod web-0\n", await ErrorAsync("exec web-0 -c x -- x"));
        Assert.Contains("error executing command in container: failed to exec in container: exec: \"nonsense\"", await ErrorAsync("exec web-0 -- nonsense"), StringComparison.Ordinal);
        api.Pods.Refusal = ApiErrors.InternalError("container not found (\"main\")");
        Assert.Equal(notFound, await ErrorAsync("exec web-0 -- x"));
    }

    [SkippableTheory]
    [MemberData(nameof(Versions))]
    public async Task Logs_are_printed_and_followed(string version)
    {
        using var kubectl = KubectlProgram.Find(version, api);
        api.Pods.Log = ["one\n", "two\n"];

        Assert.Equal("one\ntwo\n", (await kubectl.RunAsync("logs web-0 --tail=5 --since=1h -p")).Succeeded);
        Assert.Equal((5, 3600, true), Assert.Single(api.Pods.LogRequests) is var request ? (request.TailLines, request.SinceSeconds, request.Previous) : default);
        var lines = kubectl.Follow("logs -f web-0");
        Assert.Equal("one", await LineAsync(lines));
        Assert.Equal("two", await LineAsync(lines));
        api.Pods.Write("three\n");
        Assert.Equal("three", await LineAsync(lines));
        api.Pods.Write(null);
        Assert.Equal("end", await LineAsync(lines));
    }

    [SkippableTheory]
    [MemberData(nameof(Versions))]
    public async Task A_forwarded_port_serves_many_connections_at_once(string version)
    {
        using var kubectl = KubectlProgram.Find(version, api);
        var lines = kubectl.Follow("port-forward web-0 :80");
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 6 })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{ForwardedPort(await LineAsync(lines))}"),
        };

        // A browser's way: six connections that are kept.
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => http.GetStringAsync($"/{i}")));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"you asked for /{i}\n"), answers);
        Assert.Equal(ScriptedPrograms.Pattern(10_000_000), await http.GetByteArrayAsync("/bytes/10000000"));

        // Connections that come and go.
        for (var i = 0; i < 150; i++)
        {
            using var once = new HttpRequestMessage(HttpMethod.Get, $"/once/{i}") { Headers = { ConnectionClose = true } };
            using var answer = await http.SendAsync(once);
            Assert.Equal($"you asked for /once/{i}\n", await answer.Content.ReadAsStringAsync());
        }

        Assert.Equal(1, api.StreamSessions);
    }

    [SkippableTheory]
    [MemberData(nameof(Versions))]
    public async Task Where_nobody_listens_kubectl_says_so_and_ends(string version)
    {
        using var kubectl = KubectlProgram.Find(version, api);
        var forward = kubectl.StartAlone("port-forward web-0 :81");
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{ForwardedPort(await LineAsync(forward.StandardOutput))}") };

        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync("/"));
        var errors = await forward.StandardError.ReadToEndAsync();
        Assert.Contains("error forwarding port 81 to pod web-0, uid : failed to execute portforward in network namespace", errors, StringComparison.Ordinal);
        Assert.EndsWith("error: lost connection to pod\n", errors, StringComparison.Ordinal);
    }

    // Forwarding from 127.0.0.1:40123 -> 80
    private static string ForwardedPort(string line) => line.Split(' ')[2].Split(':')[1];

    private static async Task<string> LineAsync(StreamReader lines)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await lines.ReadLineAsync(patience.Token) ?? "end";
    }

    private static async Task WaitForAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
        }
    }
}
