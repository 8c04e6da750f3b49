using k8s.Models;
using Orleans.StatefulSets.Grains.Tests.Clusters;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Tests.Objects;

public sealed class RemovalTests
{
    // The silo's copy still shows for a moment what was removed; a refusal in that moment must not bring it back to its grain.
    [Fact]
    public async Task A_name_is_free_again_at_once_whatever_was_refused_meanwhile()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        for (var round = 0; round < 50; round++)
        {
            await cluster.CreateAsync(new V1Node { ApiVersion = "v1", Kind = "Node", Metadata = new V1ObjectMeta { Name = "again" } });
            await cluster.DeleteAsync(ResourceKinds.Nodes.Key("", "again"));
            var refusal = await Assert.ThrowsAsync<ApiException>(() => cluster.DeleteAsync(ResourceKinds.Nodes.Key("", "again")));
            Assert.Equal(404, refusal.Code);
        }
    }
}
