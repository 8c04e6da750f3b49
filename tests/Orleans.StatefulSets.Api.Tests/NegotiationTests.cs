using Orleans.StatefulSets.Api.Tests.Cluster;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Api.Tests;

public sealed class NegotiationTests : IAsyncLifetime
{
    private const string Table = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

    private RunningApi api = null!;

    public async Task InitializeAsync()
    {
        api = await RunningApi.StartAsync();
        api.Add(ResourceKinds.ConfigMaps, "a", "app=x");
    }

    public async Task DisposeAsync() => await api.DisposeAsync();

    [Theory]
    [InlineData("", "Metadata")]
    [InlineData("?includeObject=Object", "ConfigMap")]
    [InlineData("?includeObject=None", "None")]
    public async Task A_table_carries_the_objects_that_were_asked_for(string query, string included)
    {
        foreach (var path in new[] { "/api/v1/configmaps", "/api/v1/namespaces/default/configmaps/a" })
        {
            var table = (await api.GetAsync(path + query, Table)).Json;

            Assert.Equal(("Table", "meta.k8s.io/v1"), (table["kind"]!.GetValue<string>(), table["apiVersion"]!.GetValue<string>()));
            Assert.Equal("Name", table["columnDefinitions"]![0]!["name"]!.GetValue<string>());
            var row = table["rows"]![0]!;
            Assert.Equal("a", row["cells"]![0]!.GetValue<string>());
            Assert.Equal("30s", row["cells"]![2]!.GetValue<string>());
            Assert.Equal(included == "Metadata" ? "PartialObjectMetadata" : included, row["object"]?["kind"]!.GetValue<string>() ?? "None");
            Assert.Equal(included == "None" ? null : "101", row["object"]?["metadata"]!["resourceVersion"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task Metadata_alone_is_answered_for_lists_and_objects()
    {
        const string accept = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
        var list = (await api.GetAsync("/api/v1/configmaps", accept)).Json;
        var single = (await api.GetAsync("/api/v1/namespaces/default/configmaps/a", accept.Replace("List", ""))).Json;

        Assert.Equal("PartialObjectMetadataList", list["kind"]!.GetValue<string>());
        Assert.Equal("PartialObjectMetadata", list["items"]![0]!["kind"]!.GetValue<string>());
        Assert.Equal("x", single["metadata"]!["labels"]!["app"]!.GetValue<string>());
        Assert.Equal("101", single["metadata"]!["resourceVersion"]!.GetValue<string>());
    }

    [Fact]
    public async Task Yaml_is_answered_to_who_accepts_it()
    {
        var reply = await api.GetAsync("/api/v1/namespaces/default/configmaps/a", "application/yaml");

        Assert.Equal("application/yaml", reply.Headers["Content-Type"]);
        Assert.Contains("  resourceVersion: \"101\"\n", reply.Text, StringComparison.Ordinal);
        Assert.Contains("kind: ConfigMap\n", reply.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/vnd.kubernetes.protobuf,application/json", 200)]
    [InlineData("*/*", 200)]
    [InlineData("application/vnd.kubernetes.protobuf", 406)]
    [InlineData("text/html", 406)]
    public async Task Json_is_answered_where_it_is_accepted(string accept, int code)
    {
        var reply = await api.GetAsync("/api/v1/configmaps", accept);

        Assert.Equal(code, reply.Code);
        Assert.Equal("application/json", reply.Headers["Content-Type"]);
    }

    [Fact]
    public async Task Pretty_is_what_was_asked_for_or_what_people_read()
    {
        Assert.Contains("\n  \"kind\": ", (await api.GetAsync("/api/v1/configmaps?pretty=true")).Text, StringComparison.Ordinal);
        Assert.Contains("\n  \"kind\": ", (await api.SendAsync("GET", "/api/v1/configmaps", null, "", ("User-Agent", "curl/8"))).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("\n  ", (await api.GetAsync("/api/v1/configmaps")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Endpoints_warn_that_they_are_deprecated() => Assert.Equal(
        "299 - \"v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice\"",
        (await api.GetAsync("/api/v1/endpoints")).Headers["Warning"]);
}
