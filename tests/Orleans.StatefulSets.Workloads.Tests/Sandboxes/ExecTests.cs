using System.Text;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Sandboxes;

namespace Orleans.StatefulSets.Workloads.Tests.Sandboxes;

/// <summary>Commands that somebody runs in a container.</summary>
public sealed class ExecTests
{
    [Fact]
    public async Task Its_output_comes_in_the_order_in_which_it_was_written_with_its_exit_code()
    {
        await using var pod = new SandboxInHand();
        await pod.StartIdleAsync();
        var process = await pod.BeginAsync("sh", "-c", "echo one; echo two >&2; echo three; exit 3");

        var sides = new List<(bool, string)>();
        while (await process!.ReadAsync(CancellationToken.None).WaitAsync(SandboxInHand.Patience) is { } piece)
        {
            sides.Add((piece.IsError, Encoding.UTF8.GetString(piece.Bytes.Span)));
        }

        Assert.Equal([(false, "one\n"), (true, "two\n"), (false, "three\n")], sides);
        Assert.Equal(3, process.ExitCode);
        Assert.Null(process.Failure);
    }

    [Fact]
    public async Task What_is_typed_is_read_until_nothing_more_is_typed()
    {
        await using var pod = new SandboxInHand();
        await pod.StartIdleAsync();
        Assert.Equal(new Outcome("3\n", "", 0), await pod.ExecAsync("wc -l | tr -d ' '", "a\nb\nc\n"));
        Assert.Equal(new Outcome("", "", 0), await pod.ExecAsync("cat"));
    }

    [Theory]
    [InlineData("nosuch", "exec: \"nosuch\": executable file not found in $PATH")]
    [InlineData("/bin/nosuch", "exec: \"/bin/nosuch\": stat /bin/nosuch: no such file or directory")]
    [InlineData("/etc/passwd", "exec: \"/etc/passwd\": permission denied")]
    [InlineData("/tmp", "exec: \"/tmp\": is a directory")]
    [InlineData("/tmp/text", "exec /tmp/text: exec format error")]
    public async Task A_program_that_can_not_be_run_is_told_in_the_runtimes_words(string program, string told)
    {
        await using var pod = new SandboxInHand();
        await pod.StartIdleAsync();
        await pod.ExecAsync("echo text > /tmp/text; chmod 755 /tmp/text");

        var outcome = await SandboxInHand.ReadAsync((await pod.BeginAsync(program))!);

        Assert.Equal(($"failed to exec in container: failed to start exec: OCI runtime exec failed: exec failed: unable to start container process: {told}: unknown", 128), (outcome.Errors, outcome.Status));
    }

    [Fact]
    public async Task A_container_that_does_not_run_runs_nothing()
    {
        await using var pod = new SandboxInHand();
        Assert.Null(await pod.BeginAsync("true"));
        await pod.StartAsync("exit 0");
        await pod.EndAsync();
        Assert.Null(await pod.BeginAsync("true"));
        Assert.Null(await pod.Sandbox.AttachAsync("c", typing: false));
    }

    [Fact]
    public async Task A_child_that_is_left_behind_keeps_the_output_open_until_it_ends()
    {
        await using var pod = new SandboxInHand();
        await pod.StartIdleAsync();
        var process = await pod.BeginAsync("sh", "-c", "(sleep 100; echo late) & echo early");
        Assert.Equal("early\n", await SandboxInHand.ReadUntilAsync(process!, "\n"));

        var rest = SandboxInHand.ReadAsync(process!);
        Assert.False(rest.IsCompleted);
        Assert.Equal(new Outcome("late\n", "", 0), await pod.PassAsync(rest, TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task It_ends_with_the_container()
    {
        await using var pod = new SandboxInHand();
        await pod.StartIdleAsync();
        var process = await pod.BeginAsync("sh", "-c", "echo up; sleep 1000");
        await SandboxInHand.ReadUntilAsync(process!, "up\n");

        await pod.Sandbox.SignalAsync("c", 0, Signals.Kill);

        Assert.Equal(137, (await SandboxInHand.ReadAsync(process!)).Status);
        Assert.Equal(137, (await pod.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task As_many_processes_as_the_pod_may_have_can_be_begun()
    {
        await using var pod = new SandboxInHand(new PodLimits { Processes = 6, StepsPerSecond = 20_000_000, Cores = 64 });
        await pod.Sandbox.StartAsync(SandboxInHand.Setup(command: ["sleep", "100000"]), 0);
        var running = new List<PodProcess>();
        for (var i = 0; i < 5; i++)
        {
            running.Add((await pod.Sandbox.ExecAsync("c", new ExecSetup { Arguments = ["cat"], Stdin = true }))!);
        }

        Assert.Equal(Errno.EAGAIN, (await Assert.ThrowsAsync<FileException>(() => pod.BeginAsync("true"))).Code);
        await running[0].EndInputAsync();
        Assert.Equal(0, (await SandboxInHand.ReadAsync(running[0])).Status);
        Assert.Equal(0, (await pod.ExecAsync("true")).Status);
    }

    [Fact]
    public async Task Whoever_types_waits_for_a_reader_and_knows_how_much_was_taken_when_he_gives_up()
    {
        await using var pod = new SandboxInHand();
        await pod.StartIdleAsync();
        var process = await pod.Sandbox.ExecAsync("c", new ExecSetup { Arguments = ["sh", "-c", "read go; cat | wc -c | tr -d ' '"], Stdin = true });
        var bytes = Encoding.ASCII.GetBytes(new string('x', 300_000));
        using var patience = new CancellationTokenSource();
        var writing = process!.WriteAsync(bytes, patience.Token);
        await pod.ExecAsync("true");
        Assert.False(writing.IsCompleted);

        await patience.CancelAsync();
        var taken = await writing.WaitAsync(SandboxInHand.Patience);

        Assert.InRange(taken, 1, 299_999);
        await process.HangUpAsync();
    }

    [Fact]
    public async Task Nothing_that_was_taken_is_lost_when_writing_is_given_up_and_gone_on_with()
    {
        await using var pod = new SandboxInHand();
        await pod.StartIdleAsync();
        var process = await pod.Sandbox.ExecAsync("c", new ExecSetup { Arguments = ["sh", "-c", "sleep 5; wc -c | tr -d ' '"], Stdin = true });
        ReadOnlyMemory<byte> left = Encoding.ASCII.GetBytes(new string('x', 300_000));
        using (var patience = new CancellationTokenSource())
        {
            var writing = process!.WriteAsync(left, patience.Token);
            await pod.ExecAsync("true");
            await patience.CancelAsync();
            left = left[await writing..];
        }

        var rest = process.WriteAsync(left, CancellationToken.None);
        await pod.PassAsync(rest, TimeSpan.FromSeconds(1));
        await process.EndInputAsync();
        Assert.Equal(new Outcome("300000\n", "", 0), await SandboxInHand.ReadAsync(process));
    }

    [Fact]
    public async Task What_is_typed_to_one_that_ended_is_lost_without_an_error()
    {
        await using var pod = new SandboxInHand();
        await pod.StartIdleAsync();
        var process = await pod.Sandbox.ExecAsync("c", new ExecSetup { Arguments = ["true"], Stdin = true });
        await SandboxInHand.ReadAsync(process!);

        Assert.Equal(6, await process!.WriteAsync("hello\n"u8.ToArray(), CancellationToken.None));
        await process.EndInputAsync();
        await process.HangUpAsync();
        await process.HangUpAsync();
    }

    [Fact]
    public async Task A_terminal_echoes_and_edits()
    {
        await using var pod = new SandboxInHand();
        await pod.StartIdleAsync();
        var process = await pod.Sandbox.ExecAsync("c", new ExecSetup { Arguments = ["sh"], Stdin = true, Tty = true });
        await SandboxInHand.ReadUntilAsync(process!, "# ");
        await process!.WriteAsync("echo $TERX\u007fM\n"u8.ToArray(), CancellationToken.None);
        Assert.EndsWith("\r\nxterm\r\n/ # ", await SandboxInHand.ReadUntilAsync(process, "# "), StringComparison.Ordinal);
        await process.WriteAsync("exit 4\n"u8.ToArray(), CancellationToken.None);

        Assert.Equal(4, (await SandboxInHand.ReadAsync(process)).Status);
    }

    [Fact]
    public async Task Ctrl_C_ends_what_runs_in_the_foreground()
    {
        await using var pod = new SandboxInHand();
        await pod.StartIdleAsync();
        var process = await pod.Sandbox.ExecAsync("c", new ExecSetup { Arguments = ["sh", "-c", "echo up; sleep 1000"], Stdin = true, Tty = true });
        await SandboxInHand.ReadUntilAsync(process!, "up\r\n");
        await process!.WriteAsync(new byte[] { 3 }, CancellationToken.None);

        Assert.Equal(new Outcome("^C", "", 130), await SandboxInHand.ReadAsync(process));
    }

    [Fact]
    public async Task Whoever_goes_away_from_a_terminal_lets_the_process_hear_HUP()
    {
        await using var pod = new SandboxInHand();
        await pod.StartIdleAsync();
        var process = await pod.Sandbox.ExecAsync("c", new ExecSetup { Arguments = ["sh", "-c", "echo up; sleep 1000"], Stdin = true, Tty = true });
        await SandboxInHand.ReadUntilAsync(process!, "up\r\n");

        await process!.HangUpAsync();
        await pod.UntilAsync(() => Task.FromResult(process.ExitCode == 129));
    }

    [Fact]
    public async Task Whoever_goes_away_from_a_pipe_ends_what_still_writes_to_it()
    {
        await using var pod = new SandboxInHand();
        await pod.StartIdleAsync();
        var process = await pod.BeginAsync("yes");
        await process!.ReadAsync(CancellationToken.None).WaitAsync(SandboxInHand.Patience);

        await process.HangUpAsync();
        await pod.UntilAsync(() => Task.FromResult(process.ExitCode == 141));
    }
}
