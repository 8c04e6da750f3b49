using Orleans.StatefulSets.Acceptance.Tests.Kubectl;
using Orleans.StatefulSets.Acceptance.Tests.Servers;

namespace Orleans.StatefulSets.Acceptance.Tests.Quotas;

/// <summary>"Resource Quotas", with kubectl.</summary>
public sealed class QuotaTests
{
    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task A_quota_is_made_described_and_kept(string version)
    {
        await using var server = await ServerProcess.StartAsync("--latency", "none", "--storage", "memory");
        var kubectl = await server.OpenAsync(version);
        Assert.Equal("resourcequota/compute created", await kubectl.OutputAsync("create quota compute --hard=pods=2,requests.cpu=1,count/configmaps=2"));
        await UsedAsync(kubectl, "pods", "0");

        await kubectl.CreateAsync(Pod("first", "600m"));
        var refusal = await kubectl.RefusalAsync("run second --image=nginx");

        Assert.Equal("Error from server (Forbidden): pods \"second\" is forbidden: failed quota: compute: must specify requests.cpu for: second", refusal.Trim());
        Assert.Equal(
            "configmap/one created",
            await kubectl.OutputAsync("create configmap one"));
        Assert.Equal(
            "error: failed to create configmap: configmaps \"two\" is forbidden: exceeded quota: compute, requested: count/configmaps=1, used: count/configmaps=2, limited: count/configmaps=2",
            (await kubectl.RefusalAsync("create configmap two")).Trim());
        var described = await kubectl.OutputAsync("describe quota compute");
        Assert.Matches(@"Resource\s+Used\s+Hard\n\s*-+\s+-+\s+-+\n\s*count/configmaps\s+2\s+2\n\s*pods\s+1\s+2\n\s*requests.cpu\s+600m\s+1", described);
        var table = await kubectl.TableAsync("get quota");
        Assert.Equal(["NAME", "REQUEST", "LIMIT", "AGE"], table[0]);
        Assert.Equal(["compute", "count/configmaps: 2/2, pods: 1/2, requests.cpu: 600m/1"], table[1].Take(2));
        await kubectl.OutputAsync("delete pod first");
        await UsedAsync(kubectl, "requests\\.cpu", "0");
    }

    private static string Pod(string name, string cpu) => $$"""
        apiVersion: v1
        kind: Pod
        metadata: { name: {{name}} }
        spec: { containers: [ { name: nginx, image: nginx, resources: { requests: { cpu: {{cpu}} } } } ] }
        """;

    private static Task UsedAsync(KubectlSession kubectl, string resource, string amount) => Deadline.WaitAsync(
        TimeSpan.FromSeconds(30),
        async () => await kubectl.OutputAsync($"get quota compute -o jsonpath={{.status.used.{resource}}}") == amount,
        () => $"the quota never said that {amount} of {resource} are in use");
}
