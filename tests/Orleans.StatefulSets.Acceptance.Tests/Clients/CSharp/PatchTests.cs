using System.Net;
using k8s;
using k8s.Models;
using Orleans.StatefulSets.Acceptance.Tests.Servers;

namespace Orleans.StatefulSets.Acceptance.Tests.Clients.CSharp;

/// <summary>All kinds of patches, and writes from a version that is no longer the newest.</summary>
[Collection(ClientsCollection.Name)]
public sealed class PatchTests(ForgetfulServer forgetful)
{
    private const string Modified =
        "Operation cannot be fulfilled on statefulsets.apps \"web\": the object has been modified; please apply your changes to the latest version and try again";

    [Fact]
    public async Task A_JSON_patch_does_all_that_it_says_or_where_a_test_fails_nothing()
    {
        await using var space = await ClientNamespace.OpenAsync(forgetful);
        await space.CreateSetAsync(1);

        var patched = await PatchAsync(space, V1Patch.PatchType.JsonPatch, """
            [{"op":"test","path":"/spec/replicas","value":1},{"op":"add","path":"/metadata/labels","value":{"tier":"front"}}]
            """);

        Assert.Equal("front", patched.Metadata.Labels["tier"]);
        await ClientNamespace.RefusedAsync(HttpStatusCode.UnprocessableEntity, "Invalid", "", () => PatchAsync(space, V1Patch.PatchType.JsonPatch, """
            [{"op":"remove","path":"/metadata/labels/tier"},{"op":"test","path":"/spec/replicas","value":7}]
            """));
        Assert.Equal("front", (await space.ReadSetAsync()).Metadata.Labels["tier"]);
    }

    [Fact]
    public async Task A_strategic_merge_patch_merges_containers_by_name_and_a_merge_patch_replaces_them()
    {
        await using var space = await ClientNamespace.OpenAsync(forgetful);
        await space.CreateSetAsync(1);

        var merged = await PatchAsync(space, V1Patch.PatchType.StrategicMergePatch, Containers("""{"name":"sidecar","image":"busybox"}"""));
        Assert.Equal(["nginx", "sidecar"], NamesOf(merged));
        var without = await PatchAsync(space, V1Patch.PatchType.StrategicMergePatch, Containers("""{"name":"nginx","$patch":"delete"}"""));
        Assert.Equal(["sidecar"], NamesOf(without));
        var replaced = await PatchAsync(space, V1Patch.PatchType.MergePatch, Containers("""{"name":"nginx","image":"nginx:2"}"""));
        Assert.Equal(["nginx"], NamesOf(replaced));
    }

    [Fact]
    public async Task The_status_is_patched_through_its_subresource_only()
    {
        await using var space = await ClientNamespace.OpenAsync(forgetful);
        await space.Core.CreateNamespacedPodAsync(
            new V1Pod
            {
                Metadata = new V1ObjectMeta { Name = "gated" },
                Spec = new V1PodSpec
                {
                    SchedulingGates = [new V1PodSchedulingGate { Name = "example.com/wait" }],
                    Containers = [new V1Container { Name = "main", Image = "busybox" }],
                },
            },
            space.Name);

        var checkedPod = await space.Core.PatchNamespacedPodStatusAsync(
            new V1Patch("""{"status":{"conditions":[{"type":"example.com/checked","status":"True"}]}}""", V1Patch.PatchType.StrategicMergePatch), "gated", space.Name);
        Assert.Contains(checkedPod.Status.Conditions, condition => condition.Type == "example.com/checked");
        var labelled = await space.Core.PatchNamespacedPodAsync(
            new V1Patch("""{"metadata":{"labels":{"seen":"true"}},"status":{"phase":"Failed"}}""", V1Patch.PatchType.MergePatch), "gated", space.Name);
        Assert.Equal(("true", "Pending"), (labelled.Metadata.Labels["seen"], labelled.Status.Phase));
    }

    [Fact]
    public async Task A_write_from_an_older_version_is_a_conflict_and_one_from_the_newest_is_not()
    {
        await using var space = await ClientNamespace.OpenAsync(forgetful);
        await space.CreateSetAsync(1);
        var stale = await space.ReadSetAsync();
        await PatchAsync(space, V1Patch.PatchType.MergePatch, """{"metadata":{"annotations":{"newer":"yes"}}}""");

        await ClientNamespace.RefusedAsync(
            HttpStatusCode.Conflict, "Conflict", Modified, () => space.Apps.ReplaceNamespacedStatefulSetAsync(stale, ClientNamespace.Set, space.Name));
        await ClientNamespace.RefusedAsync(HttpStatusCode.Conflict, "Conflict", Modified, () => PatchAsync(
            space, V1Patch.PatchType.MergePatch, $$$"""{"metadata":{"resourceVersion":"{{{stale.Metadata.ResourceVersion}}}"},"spec":{"replicas":2}}"""));
        var fresh = await space.ReadSetAsync();
        var replaced = await space.Apps.ReplaceNamespacedStatefulSetAsync(
            fresh with { Spec = fresh.Spec with { MinReadySeconds = 1 } }, ClientNamespace.Set, space.Name);
        Assert.Equal(("yes", 1), (replaced.Metadata.Annotations["newer"], replaced.Spec.MinReadySeconds));
    }

    [Fact]
    public async Task Server_side_apply_which_is_not_served_is_refused_with_a_Status()
    {
        await using var space = await ClientNamespace.OpenAsync(forgetful);
        var patch = new V1Patch("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"applied"}}""", V1Patch.PatchType.ApplyPatch);

        await ClientNamespace.RefusedAsync(
            HttpStatusCode.UnsupportedMediaType, "UnsupportedMediaType", "", () => space.Core.PatchNamespacedConfigMapAsync(patch, "applied", space.Name, fieldManager: "test"));
    }

    private static Task<V1StatefulSet> PatchAsync(ClientNamespace space, V1Patch.PatchType type, string body) =>
        space.Apps.PatchNamespacedStatefulSetAsync(new V1Patch(body, type), ClientNamespace.Set, space.Name);

    private static string Containers(string container) => """{"spec":{"template":{"spec":{"containers":[""" + container + "]}}}}";

    private static IEnumerable<string> NamesOf(V1StatefulSet set) => set.Spec.Template.Spec.Containers.Select(container => container.Name).Order();
}
