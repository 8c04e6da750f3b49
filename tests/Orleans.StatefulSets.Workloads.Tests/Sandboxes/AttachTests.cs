using k8s.Models;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Tests.Sandboxes;

/// <summary>Whoever takes part in a container's first process.</summary>
public sealed class AttachTests
{
    [Fact]
    public async Task He_sees_what_is_written_from_then_on_both_sides_of_it()
    {
        await using var pod = new SandboxInHand();
        await pod.StartAsync("echo before; read line; echo $line; echo bad >&2; exit 3", change: Typed);
        await pod.UntilAsync(async () => await pod.LogAsync() == "before\n");
        var attached = await pod.Sandbox.AttachAsync("c", typing: true);
        await attached!.WriteAsync("typed\n"u8.ToArray(), CancellationToken.None);

        Assert.Equal(new Outcome("typed\n", "bad\n", 0), await SandboxInHand.ReadAsync(attached));
        Assert.Equal("before\ntyped\nbad\n", await pod.LogAsync());
        Assert.Equal(3, (await pod.EndAsync()).ExitCode);
    }

    // "stdinOnce: … stdin is opened on container start, is empty until the first client attaches to stdin, and then remains open and accepts data until the
    // client disconnects, at which time stdin is closed and remains closed until the container is restarted. If this flag is false, a container processes that
    // reads from stdin will never receive an EOF."
    [Fact]
    public async Task The_input_of_one_with_stdinOnce_ends_with_him()
    {
        await using var pod = new SandboxInHand();
        await pod.StartAsync("cat; echo over", change: container => (container.Stdin, container.StdinOnce) = (true, true));
        var attached = await pod.Sandbox.AttachAsync("c", typing: true);
        await attached!.WriteAsync("hello\n"u8.ToArray(), CancellationToken.None);
        await SandboxInHand.ReadUntilAsync(attached, "hello\n");
        await attached.HangUpAsync();

        Assert.Equal(0, (await pod.EndAsync()).ExitCode);
        Assert.Equal("hello\nover\n", await pod.LogAsync());
    }

    [Fact]
    public async Task The_input_of_any_other_goes_on()
    {
        await using var pod = new SandboxInHand();
        await pod.StartAsync("cat; echo over", change: Typed);
        var first = await pod.Sandbox.AttachAsync("c", typing: true);
        await first!.WriteAsync("one\n"u8.ToArray(), CancellationToken.None);
        await first.EndInputAsync();
        await first.HangUpAsync();
        var second = await pod.Sandbox.AttachAsync("c", typing: true);
        await second!.WriteAsync("two\n"u8.ToArray(), CancellationToken.None);

        await pod.UntilAsync(async () => await pod.LogAsync() == "one\ntwo\n");
    }

    [Fact]
    public async Task One_who_only_looks_types_nothing()
    {
        await using var pod = new SandboxInHand();
        await pod.StartAsync("read line; echo got $line; sleep 1000", change: container => (container.Stdin, container.StdinOnce) = (true, true));
        var looking = await pod.Sandbox.AttachAsync("c", typing: false);
        await looking!.WriteAsync("ignored\n"u8.ToArray(), CancellationToken.None);
        await looking.EndInputAsync();
        var typing = await pod.Sandbox.AttachAsync("c", typing: true);
        await typing!.WriteAsync("heard\n"u8.ToArray(), CancellationToken.None);

        Assert.Equal("got heard\n", await SandboxInHand.ReadUntilAsync(looking, "\n"));
    }

    [Fact]
    public async Task A_container_waits_for_him_to_read_and_goes_on_when_he_goes()
    {
        await using var pod = new SandboxInHand();
        await pod.StartAsync("read go; head -c 500000 /dev/zero | tr '\\0' 'x'; echo; echo done >&2; sleep 1000", change: Typed);
        var attached = await pod.Sandbox.AttachAsync("c", typing: true);
        await attached!.WriteAsync("go\n"u8.ToArray(), CancellationToken.None);
        await pod.UntilAsync(async () => (await pod.LogAsync()).Length > 60_000);
        Assert.DoesNotContain("done", await pod.LogAsync(), StringComparison.Ordinal);

        await attached.HangUpAsync();
        await pod.UntilAsync(async () => (await pod.LogAsync()).EndsWith("done\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Those_who_come_and_go_while_nothing_is_written_leave_nothing_behind()
    {
        await using var pod = new SandboxInHand();
        await pod.StartIdleAsync();
        var gone = await ComeAndGoAsync(pod);
        for (var round = 0; round < 50 && gone.IsAlive; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await pod.ExecAsync("true");
        }

        Assert.False(gone.IsAlive);
    }

    [Fact]
    public async Task As_many_may_take_part_as_the_bound_says_and_one_more_when_one_goes()
    {
        await using var pod = new SandboxInHand(new PodLimits { Attached = 2 });
        await pod.StartIdleAsync();
        var first = await pod.Sandbox.AttachAsync("c", typing: false);
        await pod.Sandbox.AttachAsync("c", typing: false);
        Assert.Equal(Errno.EAGAIN, (await Assert.ThrowsAsync<FileException>(() => pod.Sandbox.AttachAsync("c", typing: false))).Code);
        await first!.HangUpAsync();
        Assert.NotNull(await pod.Sandbox.AttachAsync("c", typing: false));
    }

    [Fact]
    public async Task In_a_terminal_he_is_echoed_and_may_resize_it()
    {
        await using var pod = new SandboxInHand();
        await pod.StartAsync("trap 'echo resized' WINCH; until read line; do :; done; echo $line", change: container => (container.Stdin, container.Tty) = (true, true));
        var attached = await pod.Sandbox.AttachAsync("c", typing: true);
        var seen = await ResizeAsync(pod, attached!);
        await attached!.WriteAsync("x\r"u8.ToArray(), CancellationToken.None);

        Assert.Equal("resized\r\n", seen);
        Assert.EndsWith("x\r\nx\r\n", (await SandboxInHand.ReadAsync(attached)).Output, StringComparison.Ordinal);
        Assert.Equal(0, attached.ExitCode);
    }

    [Fact]
    public async Task What_is_typed_to_one_that_ended_is_lost_without_an_error()
    {
        await using var pod = new SandboxInHand();
        await pod.StartAsync("read line; exit 0", change: Typed);
        var attached = await pod.Sandbox.AttachAsync("c", typing: true);
        await attached!.WriteAsync("x\n"u8.ToArray(), CancellationToken.None);
        await pod.EndAsync();

        Assert.Equal(2, await attached.WriteAsync("y\n"u8.ToArray(), CancellationToken.None).WaitAsync(SandboxInHand.Patience));
    }

    // Whether the trap stands already nobody can see from outside.
    private static async Task<string> ResizeAsync(SandboxInHand pod, Workloads.Sandboxes.PodProcess attached)
    {
        var resized = SandboxInHand.ReadUntilAsync(attached, "resized\r\n");
        await pod.UntilAsync(async () =>
        {
            if (!resized.IsCompleted)
            {
                await attached.ResizeAsync(90, 20);
            }

            return resized.IsCompleted;
        });
        return (await resized)[^9..];
    }

    private static void Typed(V1Container container) => container.Stdin = true;

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> ComeAndGoAsync(SandboxInHand pod)
    {
        var attached = await pod.Sandbox.AttachAsync("c", typing: true);
        await attached!.HangUpAsync();
        return new WeakReference(attached.Output);
    }
}
