using Orleans.StatefulSets.Api.Tests.Cluster;
using Orleans.StatefulSets.Api.Tests.Kubectl;

namespace Orleans.StatefulSets.Api.Tests;

public sealed class SelfReviewTests
{
    [Fact]
    public async Task Who_gets_in_may_do_everything()
    {
        await using var api = await RunningApi.StartAsync();
        const string body = """{"spec":{"resourceAttributes":{"verb":"create","resource":"pods"}}}""";

        var reply = await api.SendAsync("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", body);

        Assert.Equal(201, reply.Code);
        Assert.True(reply.Json["status"]!["allowed"]!.GetValue<bool>());
        Assert.Equal("create", reply.Json["spec"]!["resourceAttributes"]!["verb"]!.GetValue<string>());
    }

    [SkippableFact]
    public async Task Kubectl_can_ask()
    {
        await using var api = await RunningApi.StartAsync();
        using var kubectl = KubectlProgram.Find("1.27", api);

        Assert.Equal("yes\n", (await kubectl.RunAsync("auth can-i create pods")).Succeeded);
    }
}
