using k8s.Models;
using Microsoft.Extensions.Time.Testing;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs;
using Orleans.StatefulSets.Workloads.Sandboxes;

namespace Orleans.StatefulSets.Workloads.Tests.Sandboxes;

/// <summary>Probes and lifecycle hooks.</summary>
public sealed class HandlerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static readonly V1Container Spec = new() { Name = "c", Image = "busybox", Ports = [new V1ContainerPort { Name = "web", ContainerPort = 80 }] };

    // "exec … The diagnostic is considered successful if the command exits with a status code of 0."
    [Theory]
    [InlineData("echo well; exit 0", true, "well\n")]
    [InlineData("echo bad; echo worse >&2; exit 3", false, "bad\nworse\n")]
    public async Task A_command_is_well_by_its_exit_code(string script, bool succeeded, string message)
    {
        await using var pod = new SandboxInHand();
        await pod.StartIdleAsync();
        Assert.Equal(new HandlerOutcome(succeeded, message), await pod.Sandbox.HandleAsync(Spec, Exec("sh", "-c", script), Second));
    }

    [Fact]
    public async Task A_command_that_says_much_is_cut_and_not_ended()
    {
        await using var pod = new SandboxInHand();
        await pod.StartIdleAsync();
        var outcome = await pod.Sandbox.HandleAsync(Spec, Exec("sh", "-c", "head -c 200000 /dev/zero | tr '\\0' x"), timeout: null);
        Assert.Equal((true, 10 * 1024), (outcome.Succeeded, outcome.Message.Length));
    }

    [Fact]
    public async Task A_command_that_is_not_there_fails_in_the_runtimes_words()
    {
        await using var pod = new SandboxInHand();
        await pod.StartIdleAsync();
        Assert.Equal(
            new HandlerOutcome(false, "rpc error: code = Unknown desc = failed to exec in container: failed to start exec: OCI runtime exec failed: exec failed: unable to start container process: exec: \"nosuch\": executable file not found in $PATH: unknown"),
            await pod.Sandbox.HandleAsync(Spec, Exec("nosuch"), Second));
    }

    [Fact]
    public async Task A_command_for_which_there_is_no_room_fails_and_nothing_is_thrown()
    {
        await using var pod = new SandboxInHand(new PodLimits { Processes = 1 });
        await pod.Sandbox.StartAsync(SandboxInHand.Setup(command: ["sleep", "1000"]), 0);
        Assert.Equal(new HandlerOutcome(false, "resource temporarily unavailable"), await pod.Sandbox.HandleAsync(Spec, Exec("true"), Second));
    }

    // "timeoutSeconds: Number of seconds after which the probe times out."
    [Fact]
    public async Task A_command_that_takes_too_long_is_killed()
    {
        var wall = new FakeTimeProvider();
        await using var pod = new SandboxInHand(wall: wall);
        await pod.StartIdleAsync();
        var late = pod.Sandbox.HandleAsync(Spec, Exec("sh", "-c", "sleep 1000000000"), Second);
        await pod.UntilAsync(
            () =>
            {
                wall.Advance(TimeSpan.FromMilliseconds(10));
                return Task.FromResult(late.IsCompleted);
            },
            TimeSpan.FromMilliseconds(100));

        Assert.Equal(new HandlerOutcome(false, "command timed out: \"sh -c sleep 1000000000\" timed out after 1s"), await late);
        await pod.UntilAsync(async () => (await pod.ExecAsync("ps | grep -c 'sleep 1000000000$'")).Output == "0\n");
    }

    [Fact]
    public async Task A_container_that_does_not_run_fails()
    {
        await using var pod = new SandboxInHand();
        Assert.Equal(new HandlerOutcome(false, "container not running"), await pod.Sandbox.HandleAsync(Spec, Exec("true"), Second));
    }

    // "sleep: Pauses the container for a specified duration."
    [Fact]
    public async Task A_sleep_takes_its_time_and_ends_with_the_container()
    {
        await using var pod = new SandboxInHand();
        await pod.StartIdleAsync();
        var handler = PodHandler.Of(new V1LifecycleHandler { Sleep = new V1SleepAction { Seconds = 10 } });
        var sleeping = pod.Sandbox.HandleAsync(Spec, handler, timeout: null);
        await pod.ExecAsync("true");
        Assert.False(sleeping.IsCompleted);
        Assert.True((await pod.PassAsync(sleeping, TimeSpan.FromSeconds(5))).Succeeded);

        var cut = pod.Sandbox.HandleAsync(Spec, handler, timeout: null);
        await pod.Sandbox.SignalAsync("c", 0, Signals.Kill);
        Assert.False((await cut.WaitAsync(SandboxInHand.Patience)).Succeeded);
    }

    // "httpGet … The diagnostic is considered successful if the response has a status code greater than or equal to 200 and less than 400."
    [Theory]
    [InlineData("/", true, "HTTP probe failed with statuscode: 200")]
    [InlineData("index.html", true, "HTTP probe failed with statuscode: 200")]
    [InlineData("/nosuch", false, "HTTP probe failed with statuscode: 404")]
    public async Task A_page_is_well_by_its_status(string path, bool succeeded, string message)
    {
        await using var pod = new SandboxInHand();
        await NginxAsync(pod);
        Assert.Equal(new HandlerOutcome(succeeded, message), await pod.Sandbox.HandleAsync(Spec, Get("web", path), Second));
        Assert.Equal(new HandlerOutcome(succeeded, message), await pod.Sandbox.HandleAsync(Spec, Get("80", path), Second));
    }

    [Theory]
    [InlineData("81", "Get \"http://10.244.0.2:81/\": dial tcp 10.244.0.2:81: connect: connection refused")]
    [InlineData("nosuch", "invalid port: nosuch")]
    public async Task A_page_of_nobody_is_told(string port, string message)
    {
        await using var pod = new SandboxInHand();
        await pod.StartIdleAsync();
        Assert.Equal(new HandlerOutcome(false, message), await pod.Sandbox.HandleAsync(Spec, Get(port, "/"), Second));
    }

    // It is asked at the very moment of the simulated clock at which the server begins; how long the host takes over that is no fault of it.
    [Fact]
    public async Task A_server_that_has_just_begun_is_found()
    {
        await using var pod = new SandboxInHand();
        for (var restarts = 0; restarts < 20; restarts++)
        {
            await pod.Sandbox.StartAsync(SandboxInHand.Setup("nginx"), restarts);
            Assert.Equal(new HandlerOutcome(true, "HTTP probe failed with statuscode: 200"), await pod.Sandbox.HandleAsync(Spec, Get("web", "/"), Second));
        }
    }

    [Fact]
    public async Task A_server_that_does_not_speak_TLS_fails_an_https_probe()
    {
        await using var pod = new SandboxInHand();
        await NginxAsync(pod);
        var outcome = await pod.Sandbox.HandleAsync(Spec, PodHandler.Of(new V1Probe { HttpGet = new V1HTTPGetAction { Port = "80", Scheme = "HTTPS", Path = "/" } }), Second);
        Assert.Equal(new HandlerOutcome(false, "Get \"https://10.244.0.2:80/\": http: server gave HTTP response to HTTPS client"), outcome);
    }

    [Fact]
    public async Task A_server_that_takes_connections_and_says_nothing_is_too_late()
    {
        var wall = new FakeTimeProvider();
        await using var pod = new SandboxInHand(wall: wall);
        var silent = new SilentServer();
        await pod.Sandbox.StartAsync(silent.In(SandboxInHand.Setup()), 0);
        await silent.Listening.WaitAsync(SandboxInHand.Patience);
        var late = pod.Sandbox.HandleAsync(Spec, Get("8081", "/x"), Second);
        await pod.UntilAsync(
            () =>
            {
                wall.Advance(TimeSpan.FromMilliseconds(10));
                return Task.FromResult(late.IsCompleted);
            },
            TimeSpan.FromMilliseconds(100));

        Assert.Equal(new HandlerOutcome(false, "Get \"http://10.244.0.2:8081/x\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)"), await late);
    }

    // "tcpSocket … The diagnostic is considered successful if the port is open."
    [Fact]
    public async Task A_port_is_well_when_it_is_open()
    {
        await using var pod = new SandboxInHand();
        await NginxAsync(pod);
        Assert.Equal(new HandlerOutcome(true, ""), await pod.Sandbox.HandleAsync(Spec, Tcp("web"), Second));
        Assert.Equal(new HandlerOutcome(false, "dial tcp 10.244.0.2:81: connect: connection refused"), await pod.Sandbox.HandleAsync(Spec, Tcp("81"), Second));
    }

    [Fact]
    public async Task A_host_that_does_not_answer_is_too_late()
    {
        var wall = new FakeTimeProvider();
        await using var pod = new SandboxInHand(wall: wall);
        await pod.StartIdleAsync();
        var handler = PodHandler.Of(new V1Probe { TcpSocket = new V1TCPSocketAction { Host = "10.244.9.9", Port = "80" } });
        var late = pod.Sandbox.HandleAsync(Spec, handler, Second);
        await pod.UntilAsync(
            () =>
            {
                wall.Advance(TimeSpan.FromMilliseconds(10));
                return Task.FromResult(late.IsCompleted);
            },
            TimeSpan.FromMilliseconds(100));

        Assert.Equal(new HandlerOutcome(false, "dial tcp 10.244.9.9:80: i/o timeout"), await late);
    }

    private static async Task NginxAsync(SandboxInHand pod)
    {
        await pod.Sandbox.StartAsync(SandboxInHand.Setup("nginx"), 0);
        await pod.UntilAsync(async () => (await pod.Sandbox.HandleAsync(Spec, Tcp("80"), timeout: null)).Succeeded);
    }

    private sealed class SilentServer : IProgram
    {
        private readonly TaskCompletionSource listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<string> Names => ["silent"];

        public Task Listening => listening.Task;

        public ContainerSetup In(ContainerSetup setup) => setup with
        {
            Arguments = ["silent"],
            Image = setup.Image with
            {
                Files = new ImageBuilder(setup.Image.Files).Program("/bin/silent", "silent").Build(),
                Programs = new ProgramCatalog([this], setup.Image.Programs),
            },
        };

        public async ValueTask<int> RunAsync(Process process)
        {
            using var listener = process.Container.Network.Listen(8081);
            listening.TrySetResult();
            await listener.AcceptAsync(process.Killed);
            await Task.Delay(Timeout.InfiniteTimeSpan, process.Container.Clock, process.Killed);
            return 0;
        }
    }

    private static PodHandler Exec(params string[] command) => PodHandler.Of(new V1Probe { Exec = new V1ExecAction { Command = command } });

    private static PodHandler Get(string port, string path) => PodHandler.Of(new V1Probe { HttpGet = new V1HTTPGetAction { Port = port, Path = path } });

    private static PodHandler Tcp(string port) => PodHandler.Of(new V1Probe { TcpSocket = new V1TCPSocketAction { Port = port } });
}
