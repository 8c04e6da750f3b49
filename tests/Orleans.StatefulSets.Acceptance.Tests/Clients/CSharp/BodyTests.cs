using System.Net;
using k8s;
using k8s.Models;
using Orleans.StatefulSets.Acceptance.Tests.Servers;

namespace Orleans.StatefulSets.Acceptance.Tests.Clients.CSharp;

/// <summary>What requests and answers may look like besides: pages, selectors, dry runs, validation, binary data, deletions.</summary>
[Collection(ClientsCollection.Name)]
public sealed class BodyTests(ForgetfulServer forgetful)
{
    private const string Unknown = """{"dada":{"key":"value"}}""";

    [Fact]
    public async Task Lists_come_in_pages_and_by_labels_and_fields()
    {
        await using var space = await ClientNamespace.OpenAsync(forgetful);
        await CreateFiveAsync(space);

        var names = new List<string>();
        string? next = null;
        do
        {
            var page = await space.Core.ListNamespacedConfigMapAsync(space.Name, limit: 2, continueParameter: next, labelSelector: "parity", pretty: true);
            Assert.InRange(page.Items.Count, 1, 2);
            names.AddRange(NamesOf(page));
            next = page.Metadata.ContinueProperty;
        }
        while (!string.IsNullOrEmpty(next));

        Assert.Equal(["page-0", "page-1", "page-2", "page-3", "page-4"], names);
        Assert.Equal(["page-1", "page-3"], NamesOf(await space.Core.ListNamespacedConfigMapAsync(space.Name, labelSelector: "parity in (odd)")));
        Assert.Equal(["page-3"], NamesOf(await space.Core.ListNamespacedConfigMapAsync(space.Name, fieldSelector: "metadata.name=page-3")));
    }

    [Fact]
    public async Task A_dry_run_answers_as_if_and_changes_nothing()
    {
        await using var space = await ClientNamespace.OpenAsync(forgetful);
        await CreateFiveAsync(space);
        var imagined = new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "imagined" } };

        Assert.NotEmpty((await space.Core.CreateNamespacedConfigMapAsync(imagined, space.Name, dryRun: "All")).Metadata.Uid);
        await space.Core.DeleteNamespacedConfigMapAsync("page-0", space.Name, dryRun: "All");
        await space.Core.DeleteNamespacedConfigMapAsync("page-1", space.Name, new V1DeleteOptions { DryRun = ["All"] });

        await ClientNamespace.RefusedAsync(
            HttpStatusCode.NotFound, "NotFound", "configmaps \"imagined\" not found", () => space.Core.ReadNamespacedConfigMapAsync("imagined", space.Name));
        Assert.Equal(5, (await space.Core.ListNamespacedConfigMapAsync(space.Name, labelSelector: "parity")).Items.Count);
    }

    [Fact]
    public async Task An_unknown_field_is_refused_warned_of_or_ignored()
    {
        await using var space = await ClientNamespace.OpenAsync(forgetful);
        await CreateFiveAsync(space);

        await ClientNamespace.RefusedAsync(
            HttpStatusCode.UnprocessableEntity, "Invalid", "strict decoding error: unknown field \"dada\"", () => WarningsAsync(space, "Strict"));
        Assert.Equal("299 - \"unknown field \\\"dada\\\"\"", Assert.Single(await WarningsAsync(space, "Warn")));
        Assert.Empty(await WarningsAsync(space, "Ignore"));
    }

    [Fact]
    public async Task Binary_data_and_microseconds_come_back_as_they_were()
    {
        await using var space = await ClientNamespace.OpenAsync(forgetful);
        var all = Enumerable.Range(0, 256).Select(value => (byte)value).ToArray();
        var time = new DateTime(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc).AddTicks(1_234_560);
        await space.Core.CreateNamespacedSecretAsync(
            new V1Secret
            {
                Metadata = new V1ObjectMeta { Name = "binary" },
                Data = new Dictionary<string, byte[]> { ["all"] = all },
                StringData = new Dictionary<string, string> { ["word"] = "grüß" },
            },
            space.Name);
        await space.Client.CoordinationV1.CreateNamespacedLeaseAsync(
            new V1Lease { Metadata = new V1ObjectMeta { Name = "leader" }, Spec = new V1LeaseSpec { HolderIdentity = "one", RenewTime = time } }, space.Name);

        var secret = await space.Core.ReadNamespacedSecretAsync("binary", space.Name);

        Assert.Equal(("Opaque", null), (secret.Type, secret.StringData));
        Assert.Equal(all, secret.Data["all"]);
        Assert.Equal("grüß"u8.ToArray(), secret.Data["word"]);
        Assert.Equal(time, (await space.Client.CoordinationV1.ReadNamespacedLeaseAsync("leader", space.Name)).Spec.RenewTime);
    }

    // The client takes a Status for every deletion, and shows the object inside where the server answers one.
    [Fact]
    public async Task Deletions_answer_choose_and_cascade_as_they_are_told()
    {
        await using var space = await ClientNamespace.OpenAsync(forgetful);
        await CreateFiveAsync(space);
        await space.CreateSetAsync(2);

        var gone = await space.Core.DeleteNamespacedConfigMapAsync("page-0", space.Name);
        Assert.Equal(("Success", "page-0"), (gone.Status, gone.Details.Name));
        await space.Core.DeleteCollectionNamespacedConfigMapAsync(space.Name, labelSelector: "parity=even");
        Assert.Equal(["page-1", "page-3"], NamesOf(await space.Core.ListNamespacedConfigMapAsync(space.Name, labelSelector: "parity")));
        var pod = await space.Core.DeleteNamespacedPodAsync("web-1", space.Name, new V1DeleteOptions { GracePeriodSeconds = 5 });
        Assert.Equal(5, pod.Metadata.DeletionGracePeriodSeconds);
        var ending = await space.Apps.DeleteNamespacedStatefulSetAsync(ClientNamespace.Set, space.Name, propagationPolicy: "Foreground");
        Assert.True(ending.HasObject);
        Assert.Contains("foregroundDeletion", ending.ObjectView<V1StatefulSet>().Metadata.Finalizers);
        await ClientNamespace.UntilAsync(
            async () => (await space.Apps.ListNamespacedStatefulSetAsync(space.Name)).Items.Count == 0, "the set is gone");
        Assert.Empty(await space.PodNamesAsync());
    }

    private static async Task CreateFiveAsync(ClientNamespace space)
    {
        for (var i = 0; i < 5; i++)
        {
            var labels = new Dictionary<string, string> { ["parity"] = i % 2 == 0 ? "even" : "odd" };
            await space.Core.CreateNamespacedConfigMapAsync(new V1ConfigMap { Metadata = new V1ObjectMeta { Name = $"page-{i}", Labels = labels } }, space.Name);
        }
    }

    // A model has no unknown fields; a patch is sent as it is.
    private static async Task<IEnumerable<string>> WarningsAsync(ClientNamespace space, string fieldValidation)
    {
        using var answer = await space.Core.PatchNamespacedConfigMapWithHttpMessagesAsync(
            new V1Patch(Unknown, V1Patch.PatchType.MergePatch), "page-0", space.Name, fieldValidation: fieldValidation);
        return answer.Response.Headers.TryGetValues("Warning", out var warnings) ? [.. warnings] : [];
    }

    private static IEnumerable<string> NamesOf(V1ConfigMapList list) => list.Items.Select(item => item.Metadata.Name);
}
