using k8s.Models;
using Orleans.StatefulSets.Grains.Streaming;
using Orleans.StatefulSets.Grains.Tests.Clusters;
using Orleans.StatefulSets.Resources.Errors;

namespace Orleans.StatefulSets.Grains.Tests.Streaming;

/// <summary>The insides of pods on three silos: whoever is asked, the pod answers.</summary>
public sealed class PodInsideTests
{
    [Fact]
    public async Task Every_silo_reaches_into_a_pod_wherever_its_node_lives()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        await Insides.RunAsync(cluster, Insides.New("web-0", "nginx"));
        for (var silo = 0; silo < 3; silo++)
        {
            Assert.Equal(("web-0\n", "", 3), await Insides.ExecAsync(cluster, silo, "web-0", "", "sh", "-c", "hostname; exit 3"));
            Assert.Equal(("typed\n", "", 0), await Insides.ExecAsync(cluster, silo, "web-0", "typed\n", "cat"));
        }

        await Insides.ExecAsync(cluster, 0, "web-0", "", "sh", "-c", "echo kept > /tmp/f");
        Assert.Equal(("kept\n", "", 0), await Insides.ExecAsync(cluster, 1, "web-0", "", "cat", "/tmp/f"));
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_told_in_the_runtimes_words()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        await Insides.RunAsync(cluster, Insides.New("web-0", "nginx"));
        var (_, errors, _) = await Insides.ExecAsync(cluster, 0, "web-0", "", "nosuch");
        Assert.EndsWith("unable to start container process: exec: \"nosuch\": executable file not found in $PATH: unknown", errors, StringComparison.Ordinal);
        Assert.Equal(("", "sh: nosuch: not found\n", 127), await Insides.ExecAsync(cluster, 0, "web-0", "", "sh", "-c", "nosuch"));
        var refusal = await Assert.ThrowsAsync<ApiException>(() => Insides.ExecAsync(cluster, 0, "missing", "", "true"));
        Assert.Equal("pods \"missing\" not found", refusal.Message);
    }

    [Fact]
    public async Task A_command_that_ends_decides_the_pods_end_and_leaves_its_log()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        var pod = Insides.New("once", "busybox", "sh", "-c", "echo one; echo two >&2; exit 4");
        pod.Spec.RestartPolicy = "Never";
        await cluster.CreateAsync(pod);
        await cluster.UntilAsync("failed", replica => Insides.Pod(replica, "once")?.Status?.Phase == "Failed", sweeping: true);
        Assert.Equal(4, Insides.Pod(cluster.Replica(), "once")!.Status.ContainerStatuses.Single().State.Terminated.ExitCode);
        Assert.Equal("one\ntwo\n", await Insides.LogAsync(cluster, 0, "once"));
        Assert.Equal("two\n", await Insides.LogAsync(cluster, 1, "once", new LogRequest { TailLines = 1 }));
    }

    [Fact]
    public async Task A_container_that_fails_is_started_again_and_its_log_of_before_is_kept()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        await cluster.CreateAsync(Insides.New("again", "busybox", "sh", "-c", "echo life; sleep 1; exit 1"));
        await cluster.UntilAsync("restarted", replica => Insides.Pod(replica, "again")?.Status?.ContainerStatuses?.Single() is { RestartCount: > 0, State.Running: not null }, sweeping: true);
        Assert.Equal("life\n", await Insides.LogAsync(cluster, 0, "again", new LogRequest { Previous = true }));
    }

    [Fact]
    public async Task A_readiness_probe_by_exec_follows_a_file()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        var pod = Insides.New("probed", "nginx");
        pod.Spec.Containers[0].ReadinessProbe = new V1Probe { Exec = new V1ExecAction { Command = ["test", "-e", "/tmp/ready"] }, PeriodSeconds = 1, FailureThreshold = 1 };
        await Insides.RunAsync(cluster, pod);
        Assert.False(Sets.IsReady(Insides.Pod(cluster.Replica(), "probed")!));
        await Insides.ExecAsync(cluster, 0, "probed", "", "touch", "/tmp/ready");
        await cluster.UntilAsync("ready", replica => Sets.IsReady(Insides.Pod(replica, "probed")!), sweeping: true);
        await Insides.ExecAsync(cluster, 0, "probed", "", "rm", "/tmp/ready");
        await cluster.UntilAsync("not ready", replica => !Sets.IsReady(Insides.Pod(replica, "probed")!), sweeping: true);
    }

    [Fact]
    public async Task What_is_written_to_a_claim_is_found_by_the_next_pod_of_the_same_identity()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        var set = Sets.New("db", 1, claims: true);
        set.Spec.Template.Spec.Containers[0].VolumeMounts = [new V1VolumeMount { Name = "data", MountPath = "/data" }];
        await cluster.CreateAsync(set);
        await cluster.UntilAsync("ready", replica => Sets.AreReady(replica, "db", 1), sweeping: true);
        var first = Insides.Pod(cluster.Replica(), "db-0")!;
        await Insides.ExecAsync(cluster, 0, "db-0", "", "sh", "-c", "echo survives > /data/f");
        await cluster.DeleteAsync(Insides.Key("db-0"));
        await cluster.UntilAsync("another", replica => Insides.Pod(replica, "db-0") is { } pod && pod.Metadata.Uid != first.Metadata.Uid && Sets.IsReady(pod), sweeping: true);
        Assert.Equal(("survives\n", "", 0), await Insides.ExecAsync(cluster, 1, "db-0", "", "cat", "/data/f"));
    }
}
