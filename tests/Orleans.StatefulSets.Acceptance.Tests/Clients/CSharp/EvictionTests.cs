using System.Net;
using k8s;
using k8s.Models;
using Orleans.StatefulSets.Acceptance.Tests.Servers;

namespace Orleans.StatefulSets.Acceptance.Tests.Clients.CSharp;

/// <summary>Evictions under a PodDisruptionBudget, as a drain makes them.</summary>
[Collection(ClientsCollection.Name)]
public sealed class EvictionTests(ForgetfulServer forgetful)
{
    [Fact]
    public async Task An_eviction_is_made_where_the_budget_can_spare_it_and_refused_with_the_cause_where_not()
    {
        await using var space = await ClientNamespace.OpenAsync(forgetful);
        await space.CreateSetAsync(3);
        await space.Client.PolicyV1.CreateNamespacedPodDisruptionBudgetAsync(
            new V1PodDisruptionBudget
            {
                Metadata = new V1ObjectMeta { Name = "guard" },
                Spec = new V1PodDisruptionBudgetSpec
                {
                    MinAvailable = 2,
                    Selector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = ClientNamespace.Set } },
                },
            },
            space.Name);
        await AllowsAsync(space, 1);
        var before = (await space.Core.ReadNamespacedPodAsync("web-2", space.Name)).Metadata.Uid;

        using var allowed = await space.Core.CreateNamespacedPodEvictionWithHttpMessagesAsync(Eviction("web-2"), "web-2", space.Name);

        Assert.Equal(HttpStatusCode.Created, allowed.Response.StatusCode);
        await ClientNamespace.UntilAsync(
            async () => (await space.Core.ListNamespacedPodAsync(space.Name, fieldSelector: "metadata.name=web-2")).Items is [var pod] && pod.Metadata.Uid != before,
            "the set has made the pod anew");
        await space.Client.PolicyV1.PatchNamespacedPodDisruptionBudgetAsync(
            new V1Patch("""{"spec":{"minAvailable":3}}""", V1Patch.PatchType.MergePatch), "guard", space.Name);
        await AllowsAsync(space, 0);
        var (status, response) = await ClientNamespace.RefusedAsync(
            HttpStatusCode.TooManyRequests,
            "TooManyRequests",
            "Cannot evict pod as it would violate the pod's disruption budget.",
            () => space.Core.CreateNamespacedPodEvictionAsync(Eviction("web-1"), "web-1", space.Name));
        var cause = Assert.Single(status.Details.Causes);
        Assert.Equal(("DisruptionBudget", "The disruption budget guard needs 3 healthy pods and has 3 currently"), (cause.Reason, cause.Message));
        Assert.DoesNotContain("Retry-After", response.Headers.Keys);
    }

    private static V1Eviction Eviction(string pod) => new() { Metadata = new V1ObjectMeta { Name = pod } };

    private static Task AllowsAsync(ClientNamespace space, int disruptions) => ClientNamespace.UntilAsync(
        async () => (await space.Client.PolicyV1.ReadNamespacedPodDisruptionBudgetAsync("guard", space.Name)).Status is var status
            && status.CurrentHealthy == 3
            && status.DisruptionsAllowed == disruptions,
        $"the budget can spare {disruptions} of three pods");
}
