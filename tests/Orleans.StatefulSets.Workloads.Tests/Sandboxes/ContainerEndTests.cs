using System.Runtime.CompilerServices;
using Microsoft.Extensions.Time.Testing;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Sandboxes;

namespace Orleans.StatefulSets.Workloads.Tests.Sandboxes;

/// <summary>How containers end, and what is left of them.</summary>
public sealed class ContainerEndTests
{
    [Fact]
    public async Task A_container_ends_with_its_first_process_and_everything_else_of_it_ends_too()
    {
        await using var pod = new SandboxInHand();
        await pod.StartAsync("sleep 1000 & (while :; do sleep 5; done) & exit 3");

        Assert.Equal(3, (await pod.EndAsync()).ExitCode);
        Assert.Equal(0, pod.Timers.Held);
    }

    [Fact]
    public async Task The_second_process_of_a_pods_next_instance_finds_none_of_the_one_before()
    {
        await using var pod = new SandboxInHand();
        await pod.StartAsync("echo x > /tmp/left; sleep 1000 & exit 0");
        await pod.EndAsync();
        await pod.StartAsync("ls /tmp; sleep 1000", restarts: 1);
        await pod.UntilAsync(async () => (await pod.ExecAsync("ps -o args | grep -c '^sleep 1000$'")).Output == "1\n");
        Assert.Equal("", await pod.LogAsync(restarts: 1));
    }

    [Fact]
    public async Task One_of_before_is_ended_when_the_next_begins()
    {
        await using var pod = new SandboxInHand();
        await pod.StartIdleAsync();
        await pod.StartAsync("sleep 1000", restarts: 1);

        Assert.Equal(137, (await pod.EndAsync()).ExitCode);
        Assert.Equal("1 sleep 1000\n", (await pod.ExecAsync("ps -o pid,args | grep 'sleep 1000$' | grep -v grep | sed 's/^ *//'")).Output);
    }

    [Fact]
    public async Task An_instance_that_ran_already_is_not_begun_again()
    {
        await using var pod = new SandboxInHand();
        await pod.StartAsync("exit 0", restarts: 1);
        await pod.EndAsync(restarts: 1);
        await pod.StartAsync("sleep 1000");
        await pod.StartAsync("sleep 1000", restarts: 1);

        Assert.Null(await pod.BeginAsync("true"));
    }

    // A process that handles no signal does not hear it as the first of its PID namespace (pid_namespaces(7)).
    [Theory]
    [InlineData("sleep", "1000")]
    [InlineData("sh", "-c", "sleep 1000; exit 1")]
    public async Task A_first_process_without_a_handler_does_not_hear_TERM(params string[] command)
    {
        await using var pod = new SandboxInHand();
        await pod.Sandbox.StartAsync(SandboxInHand.Setup(command: command), 0);
        await pod.Sandbox.StopAsync("c", 0);
        Assert.Equal(0, (await pod.ExecAsync("kill -TERM 1")).Status);
        Assert.Equal(0, (await pod.ExecAsync("kill -KILL 1")).Status);
        Assert.Equal(0, (await pod.ExecAsync("true")).Status);

        await pod.Sandbox.SignalAsync("c", 0, Signals.Kill);
        Assert.Equal(137, (await pod.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task One_that_handles_TERM_ends_as_it_likes()
    {
        await using var pod = new SandboxInHand();
        await pod.StartAsync("trap 'echo bye; exit 7' TERM; echo up; sleep 1000 & wait");
        await pod.UntilAsync(async () => await pod.LogAsync() == "up\n");
        await pod.Sandbox.StopAsync("c", 0);

        Assert.Equal(7, (await pod.EndAsync()).ExitCode);
        Assert.Equal("up\nbye\n", await pod.LogAsync());
    }

    [Fact]
    public async Task What_is_asked_of_an_instance_that_is_gone_does_not_reach_the_next()
    {
        await using var pod = new SandboxInHand();
        await pod.StartAsync("exit 1");
        await pod.EndAsync();
        await pod.StartAsync("sleep 1000", restarts: 1);
        await pod.Sandbox.SignalAsync("c", 0, Signals.Kill);
        await pod.Sandbox.StopAsync("c", 0);

        Assert.Equal(0, (await pod.ExecAsync("true")).Status);
    }

    // "Kubernetes retrieves termination messages from the termination message file specified in the terminationMessagePath field … default /dev/termination-log".
    // https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/
    [Theory]
    [InlineData("/dev/termination-log")]
    [InlineData("/tmp/my-log")]
    public async Task Its_last_words_are_what_it_wrote_to_its_file(string path)
    {
        await using var pod = new SandboxInHand();
        await pod.StartAsync($"ls -l {path} | cut -c1-10; echo Sleep expired > {path}; exit 1", change: container => container.TerminationMessagePath = path);

        Assert.Equal("Sleep expired\n", (await pod.EndAsync()).Message);
        Assert.Equal("-rw-rw-rw-\n", await pod.LogAsync());
    }

    // pkg/kubelet/kuberuntime reads the last 4096 bytes of the file.
    [Fact]
    public async Task Of_long_last_words_the_end_counts()
    {
        await using var pod = new SandboxInHand();
        await pod.StartAsync("head -c 100000 /dev/zero | tr '\\0' x > /dev/termination-log; echo end >> /dev/termination-log");

        var message = (await pod.EndAsync()).Message;
        Assert.Equal((4096, "xxend\n"), (message!.Length, message[^6..]));
    }

    // "FallbackToLogsOnError … use the last chunk of container log output if the termination message file is empty and the container exited with an error.
    // The log output is limited to 2048 bytes or 80 lines, whichever is smaller."
    [Theory]
    [InlineData("echo oops; exit 1", "oops\n")]
    [InlineData("echo fine; exit 0", null)]
    [InlineData("echo log; echo file > /dev/termination-log; exit 1", "file\n")]
    public async Task Where_it_failed_without_words_its_log_may_stand_for_them(string script, string? words)
    {
        await using var pod = new SandboxInHand();
        await pod.StartAsync(script, change: container => container.TerminationMessagePolicy = "FallbackToLogsOnError");
        Assert.Equal(words, (await pod.EndAsync()).Message);
    }

    [Fact]
    public async Task Of_a_long_log_the_last_80_lines_and_2048_bytes_stand_for_its_words()
    {
        await using var pod = new SandboxInHand();
        await pod.StartAsync("for i in $(seq 200); do echo $i; done; exit 1", change: container => container.TerminationMessagePolicy = "FallbackToLogsOnError");
        Assert.StartsWith("121\n", (await pod.EndAsync()).Message, StringComparison.Ordinal);

        await pod.StartAsync("for i in $(seq 50); do echo 0123456789012345678901234567890123456789012345678901234567890123456789$i; done; exit 1", restarts: 1, change: container => container.TerminationMessagePolicy = "FallbackToLogsOnError");
        Assert.Equal(2048, (await pod.EndAsync(restarts: 1)).Message!.Length);
    }

    [Fact]
    public async Task Without_that_policy_the_log_is_nobodys_words()
    {
        await using var pod = new SandboxInHand();
        await pod.StartAsync("echo oops; exit 1");
        Assert.Null((await pod.EndAsync()).Message);
    }

    [Fact]
    public async Task A_program_that_can_not_be_started_is_told_as_runc_tells_it()
    {
        await using var pod = new SandboxInHand();
        await pod.Sandbox.StartAsync(SandboxInHand.Setup(command: ["nosuch", "-x"]), 0);

        var end = await pod.EndAsync();
        Assert.Equal((128, true), (end.ExitCode, end.NeverStarted));
        Assert.Equal("failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: \"nosuch\": executable file not found in $PATH: unknown", end.Message);
    }

    // runc makes the working directory of a container where the image has none.
    [Fact]
    public async Task A_working_directory_that_is_missing_is_made()
    {
        await using var pod = new SandboxInHand();
        await pod.StartAsync("pwd; sleep 1000", change: container => container.WorkingDir = "/srv/app/data");
        Assert.Equal("/srv/app/data\n", (await pod.ExecAsync("pwd")).Output);
    }

    [Fact]
    public async Task Whoever_is_attached_and_does_not_read_holds_nobodys_end_up()
    {
        await using var pod = new SandboxInHand();
        await pod.StartAsync("read go; yes", change: container => (container.Stdin, container.Tty) = (true, true));
        var attached = await pod.Sandbox.AttachAsync("c", typing: true);
        await attached!.WriteAsync("go\n"u8.ToArray(), CancellationToken.None);
        await pod.UntilAsync(async () => (await pod.LogAsync()).Length > 10_000);

        await pod.Sandbox.SignalAsync("c", 0, Signals.Kill);
        Assert.Equal(137, (await pod.EndAsync()).ExitCode);
        Assert.EndsWith("y\r\n", (await SandboxInHand.ReadAsync(attached)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_container_that_waits_to_be_asked_holds_no_timer()
    {
        var wall = new TimerCount();
        await using var pod = new SandboxInHand(wall: new CountedTime(TimeProvider.System, wall));
        await pod.Sandbox.StartAsync(SandboxInHand.Setup("nginx"), 0);
        await pod.UntilAsync(async () => (await pod.ExecAsync("wget -q -O - http://127.0.0.1/")).Status == 0);

        await pod.UntilAsync(() => Task.FromResult(wall.Held == 0));
        Assert.Equal(0, pod.Timers.Held);
    }

    [Fact]
    public async Task A_pod_that_is_gone_leaves_nothing_behind()
    {
        var clock = new FakeTimeProvider();
        var timers = new TimerCount();
        var gone = await LiveAsync(new CountedTime(clock, timers));
        Assert.Equal(0, timers.Held);

        for (var round = 0; round < 50 && gone.IsAlive; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Yield();
        }

        Assert.False(gone.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> LiveAsync(TimeProvider clock)
    {
        var sandbox = SandboxInHand.New(clock);
        await sandbox.StartAsync(SandboxInHand.Setup("nginx", "web"), 0);
        await sandbox.StartAsync(SandboxInHand.Setup(command: ["sh", "-c", "while :; do sleep 7; echo tick; done"]), 0);
        var exec = await sandbox.ExecAsync("c", new ExecSetup { Arguments = ["cat"], Stdin = true, Tty = true });
        var attached = await sandbox.AttachAsync("c", typing: false);
        await sandbox.ConnectAsync(80, new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 1));
        await sandbox.DisposeAsync();
        Assert.NotNull(exec);
        Assert.NotNull(attached);
        return new WeakReference(sandbox);
    }

    [Fact]
    public async Task Nothing_begins_in_a_pod_that_is_gone()
    {
        var pod = new SandboxInHand();
        await pod.StartIdleAsync();
        await pod.DisposeAsync();
        Assert.Null(await pod.BeginAsync("true"));
        await pod.StartAsync("exit 0", restarts: 1);
        Assert.Null(await pod.BeginAsync("true"));
        Assert.Equal(137, (await pod.EndAsync()).ExitCode);
        await pod.DisposeAsync();
    }
}
