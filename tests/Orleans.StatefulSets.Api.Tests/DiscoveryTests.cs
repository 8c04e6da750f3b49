using Orleans.StatefulSets.Api.Tests.Cluster;

namespace Orleans.StatefulSets.Api.Tests;

public sealed class DiscoveryTests : IAsyncLifetime
{
    private const string Aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";

    private RunningApi api = null!;

    public async Task InitializeAsync() => api = await RunningApi.StartAsync();

    public async Task DisposeAsync() => await api.DisposeAsync();

    [Theory]
    [InlineData("v2")]
    [InlineData("v2beta1")]
    public async Task Aggregated_discovery_lists_resources_with_their_subresources(string version)
    {
        var reply = await api.GetAsync("/apis", Aggregated.Replace("v=v2", "v=" + version));

        Assert.Equal($"application/json;g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList", reply.Headers["Content-Type"].Replace(" ", ""));
        var apps = reply.Json["items"]![0]!;
        Assert.Equal("apps", apps["metadata"]!["name"]!.GetValue<string>());
        var sets = apps["versions"]![0]!["resources"]!.AsArray().Single(item => item!["resource"]!.GetValue<string>() == "statefulsets")!;
        Assert.Equal("scale", sets["subresources"]![0]!["subresource"]!.GetValue<string>());
        Assert.Equal("autoscaling", sets["subresources"]![0]!["responseKind"]!["group"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_inside_of_a_pod_is_listed_as_a_real_cluster_lists_it()
    {
        var legacy = (await api.GetAsync("/api/v1")).Json["resources"]!.AsArray()
            .Where(resource => resource!["name"]!.GetValue<string>() is "pods/attach" or "pods/exec" or "pods/log" or "pods/portforward")
            .Select(resource => resource!.ToJsonString());
        Assert.Equal(
            [
                """{"name":"pods/attach","singularName":"","namespaced":true,"kind":"PodAttachOptions","verbs":["create","get"]}""",
                """{"name":"pods/exec","singularName":"","namespaced":true,"kind":"PodExecOptions","verbs":["create","get"]}""",
                """{"name":"pods/log","singularName":"","namespaced":true,"kind":"Pod","verbs":["get"]}""",
                """{"name":"pods/portforward","singularName":"","namespaced":true,"kind":"PodPortForwardOptions","verbs":["create","get"]}""",
            ],
            legacy);

        var core = (await api.GetAsync("/api", Aggregated)).Json["items"]![0]!["versions"]![0]!["resources"]!.AsArray();
        var pods = core.Single(item => item!["resource"]!.GetValue<string>() == "pods")!["subresources"]!.AsArray();
        Assert.Contains(
            """{"subresource":"exec","responseKind":{"group":"","version":"v1","kind":"PodExecOptions"},"verbs":["create","get"]}""",
            pods.Select(item => item!.ToJsonString()));
    }

    [Fact]
    public async Task The_root_names_the_paths_there_are()
    {
        var paths = (await api.GetAsync("/")).Json["paths"]!.AsArray().Select(path => path!.GetValue<string>()).ToList();

        Assert.Contains("/api/v1", paths);
        Assert.Contains("/apis/apps/v1", paths);
        Assert.Equal(paths.Distinct(), paths);
    }

    [Fact]
    public async Task Schemas_bear_upstreams_names()
    {
        var schemas = (await api.GetAsync("/openapi/v3/apis/apps/v1")).Json["components"]!["schemas"]!.AsObject();

        Assert.Contains("io.k8s.api.apps.v1.StatefulSetSpec", schemas.Select(schema => schema.Key));
        Assert.Contains("io.k8s.api.core.v1.PodSpec", schemas.Select(schema => schema.Key));
        Assert.Contains("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta", schemas.Select(schema => schema.Key));
        Assert.DoesNotContain(schemas, schema => schema.Key.EndsWith('.') || schema.Key.Contains(".V1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Aggregated_discovery_that_is_known_is_not_sent_again()
    {
        var etag = (await api.GetAsync("/api", Aggregated)).Headers["ETag"];

        var again = await api.SendAsync("GET", "/api", null, "", ("Accept", Aggregated), ("If-None-Match", etag));

        Assert.Equal(304, again.Code);
        Assert.Empty(again.Text);
    }

    [Theory]
    [InlineData("/api", "APIVersions")]
    [InlineData("/apis", "APIGroupList")]
    [InlineData("/apis/apps", "APIGroup")]
    [InlineData("/api/v1", "APIResourceList")]
    [InlineData("/apis/apps/v1", "APIResourceList")]
    public async Task Legacy_discovery_is_a_document_at_a_time(string path, string kind) =>
        Assert.Equal(kind, (await api.GetAsync(path)).Json["kind"]!.GetValue<string>());

    [Theory]
    [InlineData("/apis/metrics.k8s.io/v1beta1")]
    [InlineData("/apis/nothing")]
    [InlineData("/apis/nothing/v1/things")]
    [InlineData("/nowhere")]
    [InlineData("/openapi/v3/apis/nothing/v1")]
    public async Task Paths_that_nobody_knows_are_404_as_text(string path)
    {
        var reply = await api.GetAsync(path);

        Assert.Equal(404, reply.Code);
        Assert.Equal("404 page not found\n", reply.Text);
    }

    [Theory]
    [InlineData("/api/v1/unicorns")]
    [InlineData("/api/v1/namespaces/default/pods/a/unicorn")]
    [InlineData("/api/v1/namespaces/default/nodes")]
    [InlineData("/apis/apps/v2/statefulsets")]
    public async Task Resources_that_are_not_served_are_404_as_a_status(string path)
    {
        var reply = await api.GetAsync(path);

        Assert.Equal(404, reply.Code);
        Assert.Equal("the server could not find the requested resource", reply.Message);
    }

    [Fact]
    public async Task OpenApi_v2_is_protobuf_for_kubectl()
    {
        var reply = await api.GetAsync("/openapi/v2", "application/com.github.proto-openapi.spec.v2@v1.0+protobuf");

        Assert.Contains("protobuf", reply.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Equal("32", reply.Headers["Content-Length"]);
        Assert.Equal("2.0", (await api.GetAsync("/openapi/v2")).Json["swagger"]!.GetValue<string>());
    }

    [Fact]
    public async Task OpenApi_v3_tells_that_patches_take_fieldValidation()
    {
        var url = (await api.GetAsync("/openapi/v3")).Json["paths"]!["apis/apps/v1"]!["serverRelativeURL"]!.GetValue<string>();
        var patch = (await api.GetAsync(url)).Json["paths"]!["/apis/apps/v1/namespaces/{namespace}/statefulsets/{name}"]!["patch"]!;

        Assert.Contains("fieldValidation", patch["parameters"]!.AsArray().Select(parameter => parameter!["name"]!.GetValue<string>()));
        Assert.Equal("StatefulSet", patch["x-kubernetes-group-version-kind"]!["kind"]!.GetValue<string>());
    }

    [Fact]
    public async Task Version_is_that_of_Kubernetes_1_33()
    {
        Assert.StartsWith("v1.33.1+", (await api.GetAsync("/version/")).Json["gitVersion"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("33", (await api.GetAsync("/version")).Json["minor"]!.GetValue<string>());
    }

    [Fact]
    public async Task Readiness_follows_the_journal_and_liveness_does_not()
    {
        Assert.Equal("ok", (await api.GetAsync("/readyz")).Text);
        Assert.Equal("[+]ping ok\n[+]journal ok\nreadyz check passed\n", (await api.GetAsync("/readyz?verbose")).Text);

        api.Readiness.JournalUp = false;
        var failed = await api.GetAsync("/readyz");

        Assert.Equal(500, failed.Code);
        Assert.Equal("[+]ping ok\n[-]journal failed: reason withheld\nreadyz check failed\n", failed.Text);
        Assert.Equal(200, (await api.GetAsync("/livez")).Code);
    }
}
