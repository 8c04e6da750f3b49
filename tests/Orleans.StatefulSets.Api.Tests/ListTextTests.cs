using System.Text;
using System.Text.Json;
using Orleans.StatefulSets.Api.Tests.Cluster;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Api.Tests;

/// <summary>Lists in YAML and pretty JSON are written item by item, and are what the compact list is.</summary>
public sealed class ListTextTests : IAsyncLifetime
{
    private static readonly JsonSerializerOptions Pretty = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private RunningApi api = null!;

    public async Task InitializeAsync() => api = await RunningApi.StartAsync();

    public async Task DisposeAsync() => await api.DisposeAsync();

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "")]
    [InlineData(900, "")]
    [InlineData(900, ";as=Table;g=meta.k8s.io;v=v1")]
    [InlineData(900, ";as=PartialObjectMetadataList;g=meta.k8s.io;v=v1")]
    public async Task A_list_in_another_notation_says_what_the_compact_one_says(int count, string shape)
    {
        for (var i = 0; i < count; i++)
        {
            api.Add(ResourceKinds.ConfigMaps, $"m-{i:000}", "app=é");
        }

        var compact = Encoding.UTF8.GetBytes((await api.GetAsync("/api/v1/configmaps", "application/json" + shape)).Text);

        var yaml = await api.GetAsync("/api/v1/configmaps", "application/yaml" + shape);
        Assert.Equal("application/yaml", yaml.Headers["Content-Type"]);
        Assert.Equal(Encoding.UTF8.GetString(ObjectYaml.FromJson(compact).Span), yaml.Text);

        var pretty = await api.GetAsync("/api/v1/configmaps?pretty=true", "application/json" + shape);
        Assert.Equal(JsonSerializer.Serialize(JsonDocument.Parse(compact), Pretty) + "\n", pretty.Text);
    }

    [Fact]
    public async Task Old_versions_are_shown_item_by_item_too()
    {
        api.Add(ResourceKinds.Events, "e-1");
        api.Add(ResourceKinds.Events, "e-2");

        var compact = await api.GetAsync("/apis/events.k8s.io/v1/events");
        var pretty = await api.GetAsync("/apis/events.k8s.io/v1/events?pretty=1");

        Assert.Equal(["events.k8s.io/v1", "events.k8s.io/v1"], compact.Json["items"]!.AsArray().Select(item => item!["apiVersion"]!.GetValue<string>()));
        Assert.Equal(compact.Json.ToJsonString(), pretty.Json.ToJsonString());
    }
}
