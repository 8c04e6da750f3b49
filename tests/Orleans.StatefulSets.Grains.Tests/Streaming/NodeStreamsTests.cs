using k8s.Models;
using Microsoft.Extensions.Time.Testing;
using Orleans.StatefulSets.Grains.Streaming;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Workloads.Network;

namespace Orleans.StatefulSets.Grains.Tests.Streaming;

/// <summary>The streams of one silo.</summary>
public sealed class NodeStreamsTests
{
    private readonly FakeTimeProvider wall = new();

    [Fact]
    public async Task A_stream_whose_holder_went_is_closed_after_a_minute_though_nobody_else_comes()
    {
        using var streams = new NodeStreams(new Names(), wall);
        var (client, server) = Duplex.Open();
        var name = streams.Add(new ConnectionStream(client));
        wall.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(0, streams.Count);
        Assert.Null(streams.Find(name));
        Assert.Equal(0, await server.ReadAsync(new byte[1], CancellationToken.None));
    }

    [Fact]
    public void One_that_is_used_or_held_on_its_own_silo_stays()
    {
        using var streams = new NodeStreams(new Names(), wall);
        var used = streams.Add(new ConnectionStream(Duplex.Open().Client));
        var held = streams.Add(new ConnectionStream(Duplex.Open().Client));
        streams.Find(held)!.IsHeldHere = true;
        for (var minute = 0; minute < 10; minute++)
        {
            wall.Advance(TimeSpan.FromSeconds(59));
            Assert.NotNull(streams.Find(used));
        }

        Assert.Equal(2, streams.Count);
        wall.Advance(TimeSpan.FromSeconds(121));
        Assert.Equal(1, streams.Count);
        Assert.NotNull(streams.Find(held));
    }

    [Fact]
    public async Task What_there_is_no_room_for_is_handed_in_later_and_in_order()
    {
        var (client, server) = Duplex.Open();
        var stream = new ConnectionStream(client);
        using var patience = new CancellationTokenSource();
        await patience.CancelAsync();
        Assert.Equal(65_536, await stream.WriteAsync(new byte[70_000], patience.Token));
        Assert.Equal(0, await stream.WriteAsync(new byte[70_000], patience.Token));

        await server.CloseAsync();
        Assert.Equal(NodeStream.Closed, await stream.WriteAsync(new byte[1], CancellationToken.None));
        Assert.False(await stream.WriteAllAsync(new byte[1], CancellationToken.None));
    }

    [Theory]
    [InlineData("running", 3, false, 3)]
    [InlineData("running", 3, true, 2)]
    [InlineData("running", 0, true, null)]
    [InlineData("terminated", 3, false, 3)]
    [InlineData("terminated", 3, true, 2)]
    [InlineData("terminated", 0, true, null)]
    [InlineData("waiting", 3, false, 3)]
    [InlineData("waiting", 3, true, 3)]
    [InlineData("waiting", 0, false, null)]
    [InlineData("waiting", 0, true, null)]
    public void The_log_of_a_container_is_that_of_the_instance_its_status_tells_of(string state, int restarts, bool previous, int? instance)
    {
        var terminated = new V1ContainerState { Terminated = new V1ContainerStateTerminated { ExitCode = 1 } };
        var container = new V1Container { Name = "c" };
        var pod = new V1Pod
        {
            Spec = new V1PodSpec { Containers = [container] },
            Status = new V1PodStatus
            {
                ContainerStatuses =
                [
                    new V1ContainerStatus
                    {
                        Name = "c",
                        RestartCount = restarts,
                        LastState = restarts > 0 ? terminated : new V1ContainerState(),
                        State = state switch
                        {
                            "running" => new V1ContainerState { Running = new V1ContainerStateRunning() },
                            "terminated" => terminated,
                            _ => new V1ContainerState { Waiting = new V1ContainerStateWaiting { Reason = "CrashLoopBackOff" } },
                        },
                    },
                ],
            },
        };
        Assert.Equal(instance, PodContainers.LogOf(pod, container, previous));
    }

    private sealed class Names : IIdentitySource
    {
        private int last;

        public string NewUid() => $"stream-{++last}";

        public string NewNameSuffix() => $"{++last}";
    }
}
