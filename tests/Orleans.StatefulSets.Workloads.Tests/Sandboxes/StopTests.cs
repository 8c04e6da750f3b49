using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Sandboxes;

namespace Orleans.StatefulSets.Workloads.Tests.Sandboxes;

/// <summary>Containers that are ended at any moment of their lives.</summary>
public sealed class StopTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("nginx:1.27")]
    [InlineData("k8s.gcr.io/nginx-slim:0.8")]
    [InlineData("httpd")]
    [InlineData("somebody/server:1")]
    [InlineData("busybox")]
    public async Task A_container_that_is_killed_ends_however_far_it_has_come(string image)
    {
        for (var round = 0; round < 40; round++)
        {
            await using var sandbox = SandboxInHand.New(TimeProvider.System, new PodLimits());
            var ended = new TaskCompletionSource<ContainerEnd>(TaskCreationOptions.RunContinuationsAsynchronously);
            sandbox.Ended += end => ended.TrySetResult(end);
            await sandbox.StartAsync(SandboxInHand.Setup(image), restarts: 0);
            for (var turn = 0; turn < round; turn++)
            {
                await Task.Yield();
                await sandbox.BeginLogAsync("c", 0, default);
            }

            await sandbox.SignalAsync("c", 0, Signals.Terminate);
            await sandbox.SignalAsync("c", 0, Signals.Kill);

            await ended.Task.WaitAsync(Patience);
        }
    }
}
