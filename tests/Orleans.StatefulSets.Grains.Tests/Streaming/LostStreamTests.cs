using Orleans.StatefulSets.Grains.Tests.Clusters;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Tests.Streaming;

/// <summary>Streams that are open while a silo goes.</summary>
public sealed class LostStreamTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_command_whose_silo_goes_ends_with_an_error_and_the_pod_is_reached_again(bool kill)
    {
        await using var cluster = await TestCluster.StartAsync(3);
        await Insides.RunAsync(cluster, Insides.New("web", "nginx"));
        var node = ResourceKinds.Nodes.Key("", Insides.Pod(cluster.Replica(), "web")!.Spec.NodeName).ToString();
        var silo = Insides.SiloWithout(cluster, "web");
        await using var open = await Insides.BeginAsync(cluster, silo, "web", "cat");
        await open.WriteAsync("hello\n"u8.ToArray(), CancellationToken.None);
        Assert.Equal("hello\n", await Insides.ReadAsync(open));

        await cluster.LoseSiloOfAsync(message => message.Key == node, kill);

        var end = await Insides.EndAsync(open);
        Assert.Equal(137, end.ExitCode);
        await open.WriteAsync("nobody reads this\n"u8.ToArray(), CancellationToken.None);
        await open.EndInputAsync(CancellationToken.None);
        Assert.Equal(("web\n", "", 0), await Insides.ExecUntilAsync(cluster, "web", "hostname"));
    }

    [Fact]
    public async Task A_container_that_really_ran_is_started_again_after_its_silo_went()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        await Insides.RunAsync(cluster, Insides.New("runs", "busybox", "sh", "-c", "echo life; while :; do sleep 1; done"));
        var node = ResourceKinds.Nodes.Key("", Insides.Pod(cluster.Replica(), "runs")!.Spec.NodeName).ToString();

        await cluster.LoseSiloOfAsync(message => message.Key == node, kill: true);

        await cluster.UntilAsync("restarted", replica => Insides.Pod(replica, "runs")!.Status.ContainerStatuses[0] is { RestartCount: 1, State.Running: not null }, sweeping: true);
        Assert.Equal(255, Insides.Pod(cluster.Replica(), "runs")!.Status.ContainerStatuses[0].LastState.Terminated.ExitCode);
        Assert.Equal(("runs\n", "", 0), await Insides.ExecUntilAsync(cluster, "runs", "hostname"));
    }
}
