using System.Text;
using k8s.Models;
using Orleans.StatefulSets.Grains.Streaming;
using Orleans.StatefulSets.Grains.Tests.Clusters;
using Orleans.StatefulSets.Resources.Errors;

namespace Orleans.StatefulSets.Grains.Tests.Streaming;

/// <summary>Logs that are read from another silo than the node's.</summary>
public sealed class LogFollowTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_log_is_followed_line_by_line_until_the_container_ends()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        var pod = Insides.New("talks", "busybox", "sh", "-c", "echo begin; until test -e /tmp/end; do sleep 0.1; done; echo end; exit 3");
        pod.Spec.RestartPolicy = "Never";
        await Insides.RunAsync(cluster, pod);
        await using var following = Follow(cluster, Insides.SiloWithout(cluster, "talks"), new LogRequest { Follow = true });
        Assert.Equal("begin\n", await NextAsync(following));
        var next = NextAsync(following);
        await Insides.ExecAsync(cluster, 0, "talks", "", "touch", "/tmp/end");

        Assert.Equal("end\n", await next);
        Assert.Null(await NextAsync(following));
    }

    [Fact]
    public async Task Whoever_follows_hears_the_end_of_the_instance_that_he_followed()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        await Insides.RunAsync(cluster, Insides.New("again", "busybox", "sh", "-c", "for i in 1 2 3 4 5 6 7 8 9; do echo life; done; until test -e /tmp/end; do sleep 0.1; done; exit 1"));
        var silo = Insides.SiloWithout(cluster, "again");
        await using var following = Follow(cluster, silo, new LogRequest { Follow = true, TailLines = 1 });
        Assert.Equal("life\n", await NextAsync(following));
        await Insides.ExecAsync(cluster, 0, "again", "", "touch", "/tmp/end");
        Assert.Null(await NextAsync(following));

        await cluster.UntilAsync("restarted", replica => Insides.Pod(replica, "again")!.Status.ContainerStatuses[0] is { RestartCount: 1, State.Running: not null }, sweeping: true);
        Assert.Equal("life\nlife\n", await Insides.LogAsync(cluster, silo, "again", new LogRequest { TailLines = 2 }));
        Assert.Equal("life\n", await Insides.LogAsync(cluster, silo, "again", new LogRequest { TailLines = 1, Previous = true }));
    }

    // pkg/kubelet: of a container that waits for its next start the last that ended is read, as the present one and as the one before.
    [Fact]
    public async Task A_container_that_waits_to_be_started_again_shows_the_log_of_the_one_that_ended()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        var pod = Insides.New("loops", "busybox", "sh", "-c", "echo life; exit 1");
        await cluster.CreateAsync(pod);
        await cluster.UntilAsync("loops", replica => Insides.Pod(replica, "loops")?.Status?.ContainerStatuses?[0].State.Waiting?.Reason == "CrashLoopBackOff", sweeping: true);
        Assert.Equal("life\n", await Insides.LogAsync(cluster, 0, "loops"));
        Assert.Equal("life\n", await Insides.LogAsync(cluster, 0, "loops", new LogRequest { Previous = true }));
    }

    [Fact]
    public async Task What_grows_faster_than_it_is_read_has_an_end_for_whoever_does_not_follow()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        await Insides.RunAsync(cluster, Insides.New("yes", "busybox", "yes"));
        var silo = Insides.SiloWithout(cluster, "yes");
        var log = "";
        using var patience = new CancellationTokenSource(Patience);
        while (log.Length == 0)
        {
            patience.Token.ThrowIfCancellationRequested();

            // Whoever looks in first may find nothing said yet.
            log = await Insides.LogAsync(cluster, silo, "yes");
        }

        Assert.StartsWith("y\ny\n", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_ran_without_being_looked_into_has_said_nothing()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        var pod = Insides.New("quiet", "busybox", "true");
        pod.Spec.RestartPolicy = "Never";
        await cluster.CreateAsync(pod);
        await cluster.UntilAsync("over", replica => Insides.Pod(replica, "quiet")?.Status?.Phase == "Succeeded");
        Assert.Equal("", await Insides.LogAsync(cluster, 0, "quiet"));
        Assert.Equal("", await Insides.LogAsync(cluster, 0, "quiet", new LogRequest { Follow = true }));
        var refusal = await Assert.ThrowsAsync<ApiException>(() => Insides.LogAsync(cluster, 0, "quiet", new LogRequest { Previous = true }));
        Assert.Equal("previous terminated container \"c\" in pod \"quiet\" not found", refusal.Message);
    }

    [Fact]
    public async Task A_line_too_long_for_one_entry_has_one_time_and_bytes_are_counted()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        var pod = Insides.New("long", "busybox", "sh", "-c", "head -c 40000 /dev/zero | tr '\\0' x; echo; echo next");
        pod.Spec.RestartPolicy = "Never";
        await cluster.CreateAsync(pod);
        await cluster.UntilAsync("over", replica => Insides.Pod(replica, "long")?.Status?.Phase == "Succeeded");
        var lines = (await Insides.LogAsync(cluster, 0, "long", new LogRequest { Timestamps = true })).Split('\n');
        Assert.Equal([31 + 40_000, 31 + 4, 0], lines.Select(line => line.Length));
        Assert.Matches("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{9}Z next$", lines[1]);
        Assert.Equal(new string('x', 20_000), await Insides.LogAsync(cluster, 0, "long", new LogRequest { LimitBytes = 20_000 }));
    }

    private static IAsyncEnumerator<ReadOnlyMemory<byte>> Follow(TestCluster cluster, int silo, LogRequest request) =>
        cluster.Service<IPodStreams>(silo).ReadLogAsync(Insides.Key(Name(cluster)), request, CancellationToken.None).GetAsyncEnumerator();

    private static string Name(TestCluster cluster) =>
        cluster.Replica().List(Resources.Kinds.ResourceKinds.Pods.Resource, "default").Select(item => item.As<V1Pod>()).Single().Metadata.Name;

    private static async Task<string?> NextAsync(IAsyncEnumerator<ReadOnlyMemory<byte>> following) =>
        await following.MoveNextAsync().AsTask().WaitAsync(Patience) ? Encoding.UTF8.GetString(following.Current.Span) : null;
}
