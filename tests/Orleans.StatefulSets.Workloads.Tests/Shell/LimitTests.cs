using System.Diagnostics;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Tests.Shell;

/// <summary>What people do to a container by mistake or on purpose ends with the error of a real one, and harms nobody else.</summary>
public sealed class LimitTests
{
    [Fact]
    public async Task AForkBombEndsWithoutMoreProcesses()
    {
        var container = new EmulatedContainer(new PodLimits { Processes = 64, StepsPerSecond = 20_000_000, Cores = 64 });
        var errors = new ByteSink(1 << 20);
        await container.OnSchedulerAsync(async () =>
        {
            container.Begin(["sh", "-c", "b() { b | b & }; b"], new NullFile(), new NullFile(), errors);
            for (var i = 0; i < 100_000 && errors.Bytes.Length == 0; i++)
            {
                await Task.Yield();
            }

            for (var i = 0; i < 100_000 && container.Count.Current > 1; i++)
            {
                foreach (var process in container.Table.Running.Where(process => process.Id != 1).ToList())
                {
                    process.Send(Signals.Kill);
                }

                await Task.Yield();
            }

            return true;
        });
        Assert.Contains("sh: can't fork: Resource temporarily unavailable\n", ByteText.FromBytes(errors.Bytes));
        Assert.Equal("still here\n", (await container.ShellAsync("echo still here")).Output);
    }

    [Theory]
    [InlineData("while true; do :; done")]
    [InlineData("while true; do true; done")]
    [InlineData("until false; do x=$((x+1)); done")]
    [InlineData("f() { while :; do g; done; }; g() { return 0; }; f")]
    [InlineData("while :; do (:); done")]
    [InlineData("while :; do x=$(echo a); done")]
    [InlineData("for i in 1; do while :; do case a in b) ;; esac; done; done")]
    [InlineData("cat /dev/zero > /dev/null")]
    [InlineData("while read x; do :; done < /dev/zero")]
    [InlineData("trap 'echo no' INT TERM; while :; do :; done")]
    [InlineData("cat /dev/zero | cat > /dev/null")]
    [InlineData("sh -c 'while :; do :; done'; echo no")]
    [InlineData("eval 'while :; do :; done'")]
    [InlineData("wait & while :; do wait; done")]
    [InlineData("cd /tmp; echo 'exec sh s' > s; sh s")]
    [InlineData("cd /tmp; echo 'sh s' > s; sh s")]
    public async Task ALoopWithoutEndIsKilledAtOnceAndLeavesRoomForOthers(string text)
    {
        var container = new EmulatedContainer(new PodLimits());
        var (output, end, victim) = await container.OnSchedulerAsync(() =>
        {
            var sink = new ByteSink(1 << 20);
            var (process, ended) = container.Begin(["sh", "-c", text], new NullFile(), sink, sink);
            return Task.FromResult((sink, ended, process));
        });
        Assert.Equal("beside\n", (await container.ShellAsync("echo beside")).Output);
        Assert.False(end.IsCompleted);
        var watch = Stopwatch.StartNew();
        await container.OnSchedulerAsync(() =>
        {
            foreach (var process in container.Table.Running.Where(process => process.Id != 1).ToList())
            {
                process.Send(Signals.Kill);
            }

            return Task.FromResult(victim);
        });
        Assert.Equal(137, await end.WaitAsync(TimeSpan.FromSeconds(5)));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), watch.Elapsed.ToString());
        Assert.Equal(0, output.Bytes.Length);
        await container.OnSchedulerAsync(async () =>
        {
            for (var i = 0; i < 1000 && container.Count.Current > 1; i++)
            {
                await Task.Yield();
            }

            return true;
        });
        Assert.Equal(1, container.Count.Current);
    }

    [Theory]
    [InlineData("x=aaaaaaaaaaaaaaaa; while :; do x=$x$x; done", "Cannot allocate memory")]
    [InlineData("x=$(cat /dev/zero); echo no", "Cannot allocate memory")]
    [InlineData("x=a; while :; do eval \"v$((n+=1))=\\$x\"; x=${x}aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; done", "Cannot allocate memory")]
    [InlineData("set -- a; while :; do set -- \"$@\" \"$@\"; done", "Cannot allocate memory")]
    [InlineData("f() { f; }; f", "maximum recursion depth exceeded")]
    [InlineData("f() { x=$(f); }; f", "can't fork: Resource temporarily unavailable")]
    [InlineData("f() { (f); }; f", "can't fork: Resource temporarily unavailable")]
    [InlineData("x='eval $x'; eval $x", "maximum recursion depth exceeded")]
    [InlineData("echo '. ./s' > s; . ./s", "maximum recursion depth exceeded")]
    [InlineData("echo 'sh s || exit 3' > s; sh s", "can't fork: Resource temporarily unavailable")]
    public async Task WhatGrowsWithoutEndEndsWithAnError(string text, string error)
    {
        var container = new EmulatedContainer(new PodLimits { ProcessBytes = 1 << 20, Processes = 64, StepsPerSecond = 20_000_000, Cores = 64 });
        var outcome = await container.ShellAsync("cd /tmp; " + text);
        Assert.Contains(error, outcome.Errors);
        Assert.NotEqual(0, outcome.Status);
        Assert.Equal(1, container.Count.Current);
    }

    [Theory]
    [InlineData("(", 5000, "syntax error: nested too deeply")]
    [InlineData("$(", 5000, "syntax error: nested too deeply")]
    [InlineData("${x:-", 5000, "syntax error: nested too deeply")]
    [InlineData("echo $((", 5000, "syntax error: nested too deeply")]
    [InlineData("if ", 5000, "syntax error: nested too deeply")]
    [InlineData("! ", 5000, "syntax error")]
    public async Task ATextNestedWithoutEndIsNoCommand(string part, int times, string error)
    {
        var outcome = await new EmulatedContainer().ShellAsync(string.Concat(Enumerable.Repeat(part, times)));
        Assert.Contains(error, outcome.Errors);
        Assert.Equal(2, outcome.Status);
    }

    [Fact]
    public async Task ArithmeticNestedWithoutEndIsAnError()
    {
        var outcome = await new EmulatedContainer().ShellAsync($"x='{new string('(', 20000)}1'; echo $((x)); echo no");
        Assert.Contains("arithmetic syntax error", outcome.Errors);
        Assert.Equal(2, outcome.Status);
        outcome = await new EmulatedContainer().ShellAsync($"x='{new string('-', 20000)}1'; y=$((x)); echo no");
        Assert.Equal(2, outcome.Status);
    }

    [Fact]
    public async Task RecursionGoesAsDeepAsTheBoundSays()
    {
        var limits = new PodLimits { StepsPerSecond = 20_000_000, Cores = 64 };
        var depth = limits.Recursion - 5;
        var outcome = await new EmulatedContainer(limits).ShellAsync($"f() {{ if [ $1 -gt 0 ]; then f $(($1-1)); else echo bottom; fi; }}; f {depth}");
        Assert.Equal(("bottom\n", 0), (outcome.Output, outcome.Status));
    }

    [Theory]
    [InlineData(16, "h=${x:0:32768}; case $x in *${h}b) echo no;; esac; echo end", "")]
    [InlineData(18, "y=${x%%*b}; echo ${#y}; y=${x//*b/}; echo ${#y}; y=${x##*a*a*a}; echo ${#y}", "262144\n262144\n0\n")]
    public async Task APatternWithManyWaysToMatchHoldsNobodyUp(int doublings, string text, string output)
    {
        var watch = Stopwatch.StartNew();
        var outcome = await new EmulatedContainer().ShellAsync($"x=a; i=0; while [ $((i+=1)) -le {doublings} ]; do x=$x$x; done; {text}");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), watch.Elapsed.ToString());
        Assert.Equal(output, outcome.Output);
        Assert.Equal(output.Length == 0, outcome.Errors.Contains("Cannot allocate memory"));
    }

    [Fact]
    public async Task AWriterIntoAClosedPipeEnds() =>
        Assert.Equal("y\n", (await new EmulatedContainer().ShellAsync("while :; do echo y; done | { read x; echo $x; }")).Output);

    [Fact]
    public async Task AllProcessesOfAPipelineAreGoneWhenItEnds()
    {
        var container = new EmulatedContainer();
        await container.ShellAsync("for i in 1 2 3; do echo $i | cat | cat; (echo sub); x=$(echo a | cat); done; cat <<E | cat\nq\nE");
        Assert.Equal(1, container.Count.Current);
    }
}
