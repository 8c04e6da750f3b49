using System.Text;
using Microsoft.Extensions.Time.Testing;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Sandboxes;

namespace Orleans.StatefulSets.Workloads.Tests.Sandboxes;

/// <summary>What containers wrote.</summary>
public sealed class LogTests
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2025, 6, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void A_line_is_cut_at_its_newline_each_side_for_itself()
    {
        var log = Log();
        Append(log, "on");
        Append(log, "err\n", isError: true);
        Append(log, "e\ntwo");
        Assert.Equal(["err\n", "one\n"], Lines(log));

        log.Complete();
        Assert.Equal(["err\n", "one\n", "two"], Lines(log));
        Assert.Equal([true, false, false], log.Read(0, int.MaxValue).Lines.Select(line => line.IsError));
    }

    // containerd: max_container_log_line_size, 16 KiB.
    [Theory]
    [InlineData(16_383, new[] { 16_384 })]
    [InlineData(16_384, new[] { 16_384, 1 })]
    [InlineData(40_000, new[] { 16_384, 16_384, 7_233 })]
    public void A_line_of_more_than_16_KiB_is_cut_into_pieces(int length, int[] pieces)
    {
        var log = Log();
        Append(log, new string('x', length) + "\n");
        Assert.Equal(pieces, log.Read(0, int.MaxValue).Lines.Select(line => line.Bytes.Length));
    }

    [Fact]
    public void The_oldest_lines_go_when_there_are_too_many_bytes()
    {
        var log = Log(most: 10_000);
        for (var i = 0; i < 5_000; i++)
        {
            Append(log, $"line {i:D4}\n");
        }

        var lines = Lines(log);
        Assert.Equal("line 4999\n", lines[^1]);
        Assert.Equal(10_000 / (10 + 64), lines.Count);
        Assert.Equal(5_000, log.Begin(default).Until);
        Assert.Equal(5_000 - lines.Count, log.Begin(default).From);

        // Whoever reads from where there is nothing any more goes on with what there is.
        Assert.Equal(lines[0], Encoding.ASCII.GetString(log.Read(17, 1).Lines.Single().Bytes.Span));
    }

    [Theory]
    [InlineData(2L, null, "c d")]
    [InlineData(0L, null, "")]
    [InlineData(9L, null, "a b c d")]
    [InlineData(null, 2, "c d")]
    [InlineData(1L, 1, "d")]
    [InlineData(3L, 3, "d")]
    [InlineData(null, 9, "")]
    public void It_is_read_from_the_last_lines_or_from_a_moment_on(long? tail, int? since, string rest)
    {
        var log = Log();
        foreach (var line in new[] { "a\n", "b\n", "c\n", "d\n" })
        {
            Append(log, line);
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        var start = new LogStart { TailLines = tail, Since = since is { } seconds ? new DateTime(2025, 6, 1, 12, 0, seconds, DateTimeKind.Utc) : null };
        Assert.Equal(rest, string.Join(' ', log.Read(log.Begin(start).From, int.MaxValue).Lines.Select(line => Encoding.ASCII.GetString(line.Bytes.Span).TrimEnd())));
    }

    [Fact]
    public void It_is_read_page_by_page_and_a_long_line_is_a_page()
    {
        var log = Log();
        Append(log, "aaaa\nbbbb\n" + new string('c', 100) + "\nd\n");
        log.Complete();
        var pages = new List<int>();
        var page = log.Read(0, 10);
        for (; !page.IsComplete; page = log.Read(page.Next, 10))
        {
            pages.Add(page.Lines.Count);
        }

        Assert.Equal([2, 1], pages);
        Assert.Equal("d\n", Encoding.ASCII.GetString(page.Lines.Single().Bytes.Span));
    }

    [Fact]
    public async Task Following_waits_for_the_next_line_and_ends_with_the_container()
    {
        await using var pod = new SandboxInHand();
        await pod.StartAsync("echo one; sleep 10; echo two; sleep 10; exit 3");
        Assert.Equal(["one\n"], await NextAsync(pod, 0));
        var second = NextAsync(pod, 1);
        Assert.False(second.IsCompleted);
        Assert.Equal(["two\n"], await pod.PassAsync(second, TimeSpan.FromSeconds(5)));

        var last = pod.Sandbox.ReadLogAsync("c", 0, 2, 1000, CancellationToken.None);
        Assert.True((await pod.PassAsync(last, TimeSpan.FromSeconds(5)))!.IsComplete);
    }

    [Fact]
    public async Task Following_gives_up_without_an_error()
    {
        await using var pod = new SandboxInHand();
        await pod.StartIdleAsync();
        using var patience = new CancellationTokenSource();
        var page = pod.Sandbox.ReadLogAsync("c", 0, 0, 1000, patience.Token);
        await patience.CancelAsync();

        Assert.Empty((await page.WaitAsync(SandboxInHand.Patience))!.Lines);
        Assert.False((await page)!.IsComplete);
    }

    [Fact]
    public async Task Each_instance_has_its_own_and_that_of_the_one_before_is_kept()
    {
        await using var pod = new SandboxInHand();
        for (var restarts = 0; restarts < 4; restarts++)
        {
            await pod.StartAsync($"echo life {restarts}; exit 1", restarts);
            await pod.EndAsync(restarts: restarts);
        }

        Assert.Equal("life 3\n", await pod.LogAsync(restarts: 3));
        Assert.Equal("life 2\n", await pod.LogAsync(restarts: 2));
        Assert.Null(await pod.Sandbox.BeginLogAsync("c", 1, default));
        Assert.Null(await pod.Sandbox.BeginLogAsync("c", 4, default));
        Assert.Null(await pod.Sandbox.BeginLogAsync("d", 0, default));
    }

    [Fact]
    public async Task Whoever_follows_an_instance_hears_its_end_when_the_next_begins()
    {
        await using var pod = new SandboxInHand();
        await pod.StartAsync("echo one; sleep 1000");
        await NextAsync(pod, 0);
        var rest = pod.Sandbox.ReadLogAsync("c", 0, 1, 1000, CancellationToken.None);
        await pod.StartAsync("echo other; sleep 1000", restarts: 1);

        var page = await rest.WaitAsync(SandboxInHand.Patience);
        Assert.Empty(page!.Lines);
        Assert.True(page.IsComplete);
    }

    [Fact]
    public async Task What_a_child_writes_is_in_it_and_what_a_command_of_exec_writes_is_not()
    {
        await using var pod = new SandboxInHand();
        await pod.StartAsync("(echo child; echo complaint >&2); sleep 1000");
        await pod.ExecAsync("echo not this");
        Assert.Equal("child\ncomplaint\n", await pod.LogAsync());
    }

    [Fact]
    public async Task A_container_that_never_stops_writing_keeps_no_more_than_its_bound()
    {
        await using var pod = new SandboxInHand(new PodLimits { LogBytes = 50_000 });
        await pod.StartAsync("yes");
        await pod.UntilAsync(async () => (await pod.Sandbox.BeginLogAsync("c", 0, default))!.Value.From > 10_000);
        Assert.InRange((await pod.LogAsync()).Length, 1, 50_000);
        await pod.Sandbox.SignalAsync("c", 0, Signals.Kill);
        await pod.EndAsync();
    }

    private static async Task<IEnumerable<string>> NextAsync(SandboxInHand pod, long from)
    {
        var page = await pod.Sandbox.ReadLogAsync("c", 0, from, 1000, CancellationToken.None);
        return page!.Lines.Select(line => Encoding.ASCII.GetString(line.Bytes.Span));
    }

    private ContainerLog Log(long most = 1 << 20) => new(most, clock);

    private static void Append(ContainerLog log, string text, bool isError = false) => log.Append(isError, Encoding.ASCII.GetBytes(text));

    private static List<string> Lines(ContainerLog log) => [.. log.Read(0, int.MaxValue).Lines.Select(line => Encoding.ASCII.GetString(line.Bytes.Span))];
}
