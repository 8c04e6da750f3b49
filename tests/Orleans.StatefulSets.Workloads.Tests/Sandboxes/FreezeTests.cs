using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Tests.Sandboxes;

/// <summary>The machine under a pod hangs.</summary>
public sealed class FreezeTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task What_stands_still_does_nothing_and_goes_on_where_it_was()
    {
        await using var pod = new SandboxInHand();
        await pod.StartAsync("i=0; while :; do i=$((i+1)); echo $i; sleep 1; done");
        await pod.UntilAsync(async () => await pod.LogAsync() == "1\n");

        pod.Sandbox.Freeze(true);
        var asked = pod.ExecAsync("echo here");
        for (var passed = 0; passed < 10; passed++)
        {
            pod.Clock.Advance(Second);
        }

        Assert.False(asked.IsCompleted);
        pod.Sandbox.Freeze(false);
        Assert.Equal("here\n", (await asked).Output);

        // It slept once while it stood still.
        await pod.UntilAsync(async () => await pod.LogAsync() == "1\n2\n");
        pod.Clock.Advance(Second);
        await pod.UntilAsync(async () => await pod.LogAsync() == "1\n2\n3\n");
    }

    [Fact]
    public async Task Even_what_never_rests_stands_still()
    {
        await using var pod = new SandboxInHand();
        await pod.StartAsync("while :; do :; done");
        await pod.BeginAsync("true");
        pod.Sandbox.Freeze(true);
        var asked = pod.LogAsync();
        Assert.False(asked.IsCompleted);

        pod.Sandbox.Freeze(false);
        Assert.Equal("", await asked.WaitAsync(SandboxInHand.Patience));
        await pod.Sandbox.SignalAsync("c", 0, Signals.Kill);
        Assert.Equal(137, (await pod.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task What_stands_still_can_be_put_away()
    {
        var pod = new SandboxInHand();
        await pod.StartIdleAsync();
        pod.Sandbox.Freeze(true);

        await pod.DisposeAsync().AsTask().WaitAsync(SandboxInHand.Patience);
        Assert.Equal(137, (await pod.EndAsync()).ExitCode);
    }
}
