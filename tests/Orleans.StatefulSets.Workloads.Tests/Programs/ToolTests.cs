using Microsoft.Extensions.Time.Testing;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Tests.Programs;

/// <summary>What the tools do that no snippet shows: whole transfers, limits, following, the clock.</summary>
public sealed class ToolTests
{
    [Fact]
    public async Task What_kubectl_cp_sends_comes_back_as_it_was()
    {
        var from = new EmulatedContainer();
        await from.ShellAsync("mkdir -p /data/d/deep; printf 'a\\377\\000b' > /data/d/bytes; seq 50000 > /data/d/deep/big; chmod 640 /data/d/bytes; ln -s bytes /data/d/link");
        var packed = await from.OnSchedulerAsync(async () =>
        {
            var output = new ByteSink(1 << 24);
            var (_, end) = from.Begin(["tar", "cf", "-", "data/d"], new ByteSource([]), output, new ByteSink(1000));
            Assert.Equal(0, await end);
            return output.Bytes.ToArray();
        });

        var to = new EmulatedContainer();
        await to.ShellAsync("mkdir /goal");
        var status = await to.OnSchedulerAsync(async () => await to.Begin(["tar", "-xmf", "-", "-C", "/goal"], new ByteSource(packed), new ByteSink(1000), new ByteSink(1000)).End);

        Assert.Equal(0, status);
        const string show = "cd $1/data/d; od -c bytes; md5sum < deep/big; stat -c %a bytes; readlink link";
        Assert.Equal((await from.ShellAsync($"set -- /; {show}")).Output.Replace("//", "/", StringComparison.Ordinal), (await to.ShellAsync($"set -- /goal; {show}")).Output);
        Assert.Contains("640", (await to.ShellAsync($"set -- /goal; {show}")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cp /big /vol/f", "cp: can't create '/vol/f': No space left on device\n")]
    [InlineData("dd if=/big of=/vol/f bs=10k 2>&1 | grep error >&2; dd if=/big of=/vol/f bs=10k 2>/dev/null", "dd: error writing '/vol/f': No space left on device\n")]
    [InlineData("cat /big > /vol/f", "cat: write error: No space left on device\n")]
    public async Task A_full_volume_ends_a_transfer_in_its_middle(string command, string error)
    {
        var container = new EmulatedContainer();
        container.Container.Files.Mount("/vol", new MemoryTree(64 << 10, TimeProvider.System));
        var outcome = await container.ShellAsync($"seq 100000 > /big; {command}");
        Assert.Equal((1, error), (outcome.Status, outcome.Errors));
        Assert.Equal($"{64 << 10}\n", (await container.ShellAsync("stat -c %s /vol/f")).Output);
    }

    [Fact]
    public async Task A_volume_says_how_full_it_is_and_takes_more_after_something_went()
    {
        var container = new EmulatedContainer();
        container.Container.Files.Mount("/vol", new MemoryTree(1 << 20, TimeProvider.System));
        var outcome = await container.ShellAsync("dd if=/dev/zero of=/vol/a bs=1k count=512 2>/dev/null; df /vol | tail -n 1 | tr -s ' '; df -h /vol | tail -n 1 | tr -s ' '; rm /vol/a; df /vol | tail -n 1 | tr -s ' '; mount | grep vol");
        Assert.Equal("/dev/vdb 1024 512 512 50% /vol\n/dev/vdb 1.0M 512.0K 512.0K 50% /vol\n/dev/vdb 1024 0 1024 0% /vol\n/dev/vdb on /vol type ext4 (rw,relatime)\n", outcome.Output);
    }

    [Fact]
    public async Task Tail_follows_a_file_that_grows_and_begins_again_where_it_was_cut()
    {
        var clock = new FakeTimeProvider();
        var container = new EmulatedContainer(clock: clock);
        await container.ShellAsync("printf 'one\\n' > /log");
        var output = new ByteSink(1000);
        var (process, end) = await container.OnSchedulerAsync(() => Task.FromResult(container.Begin(["tail", "-f", "/log"], new ByteSource([]), output, new ByteSink(1000))));
        await SaysAsync(container, clock, output, "one\n");
        await container.ShellAsync("printf 'two\\n' >> /log");
        await SaysAsync(container, clock, output, "one\ntwo\n");
        await container.ShellAsync("printf 'x\\n' > /log");
        await SaysAsync(container, clock, output, "one\ntwo\nx\n");
        await container.OnSchedulerAsync(() =>
        {
            process.Send(Signals.Kill);
            return Task.FromResult(0);
        });
        Assert.Equal(128 + Signals.Kill, await end);
    }

    [Fact]
    public async Task Sleep_and_date_go_by_the_simulated_clock()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2025, 1, 2, 3, 4, 5, TimeSpan.Zero));
        var container = new EmulatedContainer(clock: clock);
        Assert.Equal("Thu Jan  2 03:04:05 UTC 2025\n", (await container.ShellAsync("date")).Output);
        var sleeping = container.ShellAsync("sleep 100d; date +%F");
        while (!sleeping.IsCompleted)
        {
            clock.Advance(TimeSpan.FromDays(1));
            await Task.Yield();
        }

        Assert.True(string.CompareOrdinal((await sleeping).Output, "2025-04-12") >= 0);
    }

    [Fact]
    public async Task Processes_are_listed_found_and_ended_by_name()
    {
        var container = new EmulatedContainer();
        var outcome = await container.ShellAsync("sleep 1000 & ps | tail -n 1 | grep -c ps; pidof sleep | wc -w; ps -o pid,comm | grep -c sleep; killall sleep; wait; pidof sleep; echo $?");
        Assert.Equal("1\n1\n1\n1\n", outcome.Output);
    }

    [Theory]
    [InlineData("yes > /dev/null")]
    [InlineData("cat /dev/zero > /dev/null")]
    [InlineData("tr a b < /dev/zero > /dev/null")]
    [InlineData("seq 1 1000000000000 > /dev/null")]
    public async Task What_never_ends_is_ended_by_a_signal(string command)
    {
        var container = new EmulatedContainer();
        Assert.Equal(143, (await container.ShellAsync($"timeout 0.2 {command}; exit $?".Replace("tr a b < /dev/zero", "sh -c 'tr a b < /dev/zero'", StringComparison.Ordinal))).Status);
    }

    [Theory]
    [InlineData("sort /dev/zero")]
    [InlineData("tac < /dev/zero")]
    [InlineData("sed x /dev/zero")]
    [InlineData("base64 /dev/zero")]
    [InlineData("tail /dev/zero")]
    public async Task What_would_hold_everything_runs_out_of_memory(string command)
    {
        var container = new EmulatedContainer(new PodLimits { StepsPerSecond = 20_000_000, Cores = 64, ProcessBytes = 1 << 20 });
        var outcome = await container.ShellAsync(command);
        Assert.NotEqual(0, outcome.Status);
        Assert.Contains("Cannot allocate memory", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_tool_tells_its_usage()
    {
        var container = new EmulatedContainer();
        foreach (var name in Workloads.Programs.ToolPrograms.All.SelectMany(program => program.Names))
        {
            var outcome = await container.RunAsync(["busybox", name, "--help"]);
            Assert.Equal((name, 0), (name, outcome.Status));
            Assert.StartsWith($"Usage: {(name == "busybox" ? "busybox" : name)}", name == "busybox" ? "Usage: busybox" : outcome.Errors, StringComparison.Ordinal);
        }
    }

    private static async Task SaysAsync(EmulatedContainer container, FakeTimeProvider clock, ByteSink output, string expected)
    {
        for (var tries = 0; tries < 10_000 && Text() != expected; tries++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await container.OnSchedulerAsync(() => Task.FromResult(0));
        }

        Assert.Equal(expected, Text());

        string Text() => ByteText.FromBytes(output.Bytes);
    }
}
