using Orleans.StatefulSets.Api.Tests.Cluster;

namespace Orleans.StatefulSets.Api.Tests;

public sealed class ScaleTests : IAsyncLifetime
{
    private const string Sets = "/apis/apps/v1/namespaces/default/statefulsets";

    private RunningApi api = null!;

    public async Task InitializeAsync()
    {
        api = await RunningApi.StartAsync();
        await api.SendAsync("POST", Sets, """
            {"metadata":{"name":"web"},"spec":{"replicas":2,"serviceName":"","template":{},
             "selector":{"matchLabels":{"b":"2","a":"1"},"matchExpressions":[{"key":"ab","operator":"In","values":["y","x"]}]}}}
            """);
    }

    public async Task DisposeAsync() => await api.DisposeAsync();

    [Fact]
    public async Task A_patch_of_the_scale_answers_the_scale_of_the_revision_it_made()
    {
        var reply = await api.SendAsync("PATCH", Sets + "/web/scale", """{"spec":{"replicas":5}}""", "application/merge-patch+json");

        Assert.Equal(200, reply.Code);
        Assert.Equal("Scale", reply.Json["kind"]!.GetValue<string>());
        Assert.Equal(5, reply.Json["spec"]!["replicas"]!.GetValue<int>());
        Assert.Equal("102", reply.Json["metadata"]!["resourceVersion"]!.GetValue<string>());
        Assert.Equal("a=1,ab in (x,y),b=2", reply.Json["status"]!["selector"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_scale_can_be_read_and_replaced()
    {
        var scale = (await api.GetAsync(Sets + "/web/scale")).Json;
        scale["spec"]!["replicas"] = 7;
        var reply = await api.SendAsync("PUT", Sets + "/web/scale", scale.ToJsonString());

        Assert.Equal(200, reply.Code);
        Assert.Equal(7, (await api.GetAsync(Sets + "/web")).Json["spec"]!["replicas"]!.GetValue<int>());
    }
}
