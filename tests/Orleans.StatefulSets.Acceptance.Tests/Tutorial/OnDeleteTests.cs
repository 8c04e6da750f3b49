using Orleans.StatefulSets.Acceptance.Tests.Kubectl;
using Orleans.StatefulSets.Acceptance.Tests.Servers;

namespace Orleans.StatefulSets.Acceptance.Tests.Tutorial;

/// <summary>"On Delete".</summary>
[Collection(UpdatesCollection.Name)]
public sealed class OnDeleteTests(SharedServer server)
{
    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task Nothing_moves_until_a_pod_is_deleted(string version)
    {
        var kubectl = await server.OpenAsync(version);
        await WebSet.CreateAsync(kubectl);
        await using var watch = await kubectl.WatchAsync("get pod -l app=nginx --watch-only");

        await kubectl.OutputAsync("""patch sts web -p '{"spec":{"updateStrategy":{"type":"OnDelete","rollingUpdate":null}}}'""");
        await kubectl.OutputAsync(WebSet.PatchImage(WebSet.NewImage));
        await WebSet.ObservedAsync(kubectl);
        await watch.ShowsAsync();

        await kubectl.OutputAsync("delete pod web-0");
        await watch.ShowsAsync(PodLife.IsReplaced("web-0"));
        Assert.Equal([WebSet.NewImage, WebSet.OldImage], await WebSet.ImagesAsync(kubectl, 2));
    }

    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task A_partition_that_is_left_beside_it_is_refused(string version)
    {
        var kubectl = await server.OpenAsync(version);
        await WebSet.CreateAsync(kubectl);

        var refusal = await kubectl.RefusalAsync("""patch sts web -p '{"spec":{"updateStrategy":{"type":"OnDelete"}}}'""");

        Assert.StartsWith("The StatefulSet \"web\" is invalid: spec.updateStrategy.rollingUpdate: Invalid value: ", refusal, StringComparison.Ordinal);
        Assert.EndsWith("only allowed for updateStrategy 'RollingUpdate'", refusal, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task The_field_that_the_tutorial_names_by_mistake_is_warned_of(string version)
    {
        var kubectl = await server.OpenAsync(version);
        await WebSet.CreateAsync(kubectl);

        var result = await kubectl.RunAsync("""patch sts web -p '{"spec":{"template":{"updateStrategy":{"type":"OnDelete"}}}}'""");

        Assert.True(result.ExitCode == 0, result.Describe());
        Assert.Equal(["Warning: unknown field \"spec.template.updateStrategy\""], result.Errors);
        Assert.Equal("RollingUpdate", await kubectl.OutputAsync("get sts web -o jsonpath={.spec.updateStrategy.type}"));
    }
}
