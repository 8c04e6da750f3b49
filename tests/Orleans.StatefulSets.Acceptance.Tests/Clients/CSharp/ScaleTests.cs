using System.Net;
using k8s;
using k8s.Models;
using Orleans.StatefulSets.Acceptance.Tests.Servers;

namespace Orleans.StatefulSets.Acceptance.Tests.Clients.CSharp;

/// <summary>The scale subresource, as an autoscaler uses it.</summary>
[Collection(ClientsCollection.Name)]
public sealed class ScaleTests(ForgetfulServer forgetful)
{
    [Fact]
    public async Task The_set_follows_a_scale_that_is_replaced_and_patched()
    {
        await using var space = await ClientNamespace.OpenAsync(forgetful);
        await space.CreateSetAsync(1);
        var read = await space.Apps.ReadNamespacedStatefulSetScaleAsync(ClientNamespace.Set, space.Name);
        Assert.Equal((1, 1, "app=web"), (read.Spec.Replicas, read.Status.Replicas, read.Status.Selector));
        Assert.Equal(["web-0"], await space.PodNamesAsync(read.Status.Selector));

        var wanted = read with { Spec = new V1ScaleSpec { Replicas = 3 } };
        await space.Apps.ReplaceNamespacedStatefulSetScaleAsync(wanted, ClientNamespace.Set, space.Name);
        await space.ReadyAsync(3);
        Assert.Equal(["web-0", "web-1", "web-2"], await space.PodNamesAsync());
        await ClientNamespace.RefusedAsync(
            HttpStatusCode.Conflict, "Conflict", "", () => space.Apps.ReplaceNamespacedStatefulSetScaleAsync(wanted, ClientNamespace.Set, space.Name));

        Assert.Equal(1, (await PatchAsync(space, 1)).Spec.Replicas);
        await space.ReadyAsync(1);
        Assert.Equal(["web-0"], await space.PodNamesAsync());
        await ClientNamespace.RefusedAsync(
            HttpStatusCode.UnprocessableEntity, "Invalid", "must be greater than or equal to 0", () => PatchAsync(space, -1));
    }

    private static Task<V1Scale> PatchAsync(ClientNamespace space, int replicas) => space.Apps.PatchNamespacedStatefulSetScaleAsync(
        new V1Patch($$$"""{"spec":{"replicas":{{{replicas}}}}}""", V1Patch.PatchType.MergePatch), ClientNamespace.Set, space.Name);
}
