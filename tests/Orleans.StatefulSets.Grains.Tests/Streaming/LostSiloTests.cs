using k8s.Models;
using Orleans.StatefulSets.Grains.Tests.Clusters;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Tests.Streaming;

/// <summary>The inside of a pod whose node's silo stops or is killed, asked through another silo.</summary>
public sealed class LostSiloTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_pod_answers_again_with_its_files_and_its_name_when_the_silo_of_its_node_is_gone(bool kill)
    {
        await using var cluster = await TestCluster.StartAsync(3);
        var set = Sets.New("db", 1, claims: true);
        set.Spec.Template.Spec.Containers[0].VolumeMounts = [new V1VolumeMount { Name = "data", MountPath = "/data" }];
        await cluster.CreateAsync(set);
        await cluster.UntilAsync("ready", replica => Sets.AreReady(replica, "db", 1), sweeping: true);
        var node = Insides.Pod(cluster.Replica(), "db-0")!.Spec.NodeName;
        await Insides.ExecAsync(cluster, 0, "db-0", "", "sh", "-c", "echo kept > /data/f");

        await cluster.LoseSiloOfAsync(message => message.Key == ResourceKinds.Nodes.Key("", node).ToString(), kill);

        var answer = await Insides.ExecUntilAsync(cluster, "db-0", "sh", "-c", "hostname; cat /data/f");
        Assert.Equal(("db-0\nkept\n", "", 0), answer);
        Assert.Equal(
            ("db-0\nkept\n", "", 0), await Insides.ExecUntilAsync(cluster, "db-0", "sh", "-c", "hostname; cat /data/f"));
    }
}
