using System.Text;
using System.Text.Json.Nodes;
using Orleans.StatefulSets.Api.Tests.Cluster;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Api.Tests;

/// <summary>Kinds under a second group and version: events.k8s.io/v1, and policy/v1beta1 for clients from before 1.25.</summary>
public sealed class OtherVersionTests : IAsyncLifetime
{
    private const string Newer = "/apis/events.k8s.io/v1/namespaces/default/events";
    private const string Older = "/api/v1/namespaces/default/events";

    private const string Event = """
        {"apiVersion":"events.k8s.io/v1","kind":"Event","metadata":{"name":"e"},"eventTime":"2025-06-01T12:00:00.000000Z","note":"it is told",
        "regarding":{"kind":"Pod","name":"web-0","namespace":"default"},"reportingController":"me","reportingInstance":"me-1","action":"Tell","reason":"Told","type":"Normal"}
        """;

    private RunningApi api = null!;

    public async Task InitializeAsync() => api = await RunningApi.StartAsync();

    public async Task DisposeAsync() => await api.DisposeAsync();

    [Fact]
    public async Task An_event_is_one_object_under_both_names()
    {
        var created = await api.SendAsync("POST", Newer, Event);

        Assert.Equal(201, created.Code);
        Assert.Equal(("events.k8s.io/v1", "it is told", "web-0"), (Text(created.Json, "apiVersion"), Text(created.Json, "note"), Text(created.Json["regarding"]!, "name")));
        var older = await api.SendAsync("GET", $"{Older}/e");
        Assert.Equal(("v1", "it is told", "me"), (Text(older.Json, "apiVersion"), Text(older.Json, "message"), Text(older.Json, "reportingComponent")));
        Assert.Equal("web-0", Text(older.Json["involvedObject"]!, "name"));
        var newer = await api.SendAsync("GET", $"{Newer}/e");
        Assert.Equal(("it is told", null), (Text(newer.Json, "note"), newer.Json["message"]));
        Assert.Equal(Text(older.Json["metadata"]!, "uid"), Text(newer.Json["metadata"]!, "uid"));
    }

    [Fact]
    public async Task Lists_watches_and_tables_speak_the_version_of_the_path()
    {
        await api.SendAsync("POST", Newer, Event);

        var list = await api.SendAsync("GET", $"{Newer}?fieldSelector=regarding.name%3Dweb-0,reason%3DTold");
        Assert.Equal(("EventList", "events.k8s.io/v1"), (Text(list.Json, "kind"), Text(list.Json, "apiVersion")));
        Assert.Equal("it is told", Text(list.Json["items"]![0]!, "note"));
        Assert.Empty((await api.SendAsync("GET", $"{Newer}?fieldSelector=regarding.name%3Dweb-1")).Json["items"]!.AsArray());

        var watched = JsonNode.Parse((await api.Http.GetStringAsync(new Uri(api.Url + $"{Newer}?watch=1&timeoutSeconds=1"))).Split('\n')[0])!;
        Assert.Equal(("ADDED", "it is told"), (Text(watched, "type"), Text(watched["object"]!, "note")));

        var table = await api.SendAsync("GET", Newer, headers: ("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io"));
        Assert.Contains("it is told", table.Json["rows"]![0]!["cells"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/merge-patch+json", """{"note":"told again"}""", """{"message":"told again"}""")]
    [InlineData("application/json-patch+json", """[{"op":"replace","path":"/note","value":"told again"}]""", """[{"op":"replace","path":"/message","value":"told again"}]""")]
    [InlineData("application/json-patch+json", """[{"op":"copy","from":"/regarding/name","path":"/note"},{"op":"test","path":"","value":1},7]""", """[{"op":"copy","from":"/involvedObject/name","path":"/message"},{"op":"test","path":"","value":1},7]""")]
    [InlineData("application/merge-patch+json", """{"note":""", """{"note":""")]
    public async Task A_patch_names_the_fields_of_its_version(string type, string patch, string stored)
    {
        await api.SendAsync("POST", Newer, Event);
        await api.SendAsync("PATCH", $"{Newer}/e", patch, type);

        Assert.Equal(stored, Encoding.UTF8.GetString(api.Writer.Requests[^1].Body.Span));
    }

    // ValidateEventCreate of pkg/apis/core/validation/events.go, for events.k8s.io/v1.
    [Fact]
    public async Task A_new_event_says_when_who_and_why()
    {
        var refused = await api.SendAsync("POST", Newer, """{"metadata":{"name":"e"},"reason":"Told","eventTime":null}""");

        Assert.Equal(422, refused.Code);
        Assert.Equal(
            "Event.events.k8s.io \"e\" is invalid: [eventTime: Required value, reportingController: Required value, reportingInstance: Required value, action: Required value]",
            refused.Message);
    }

    [Fact]
    public async Task A_body_of_another_version_than_the_path_is_refused()
    {
        var refused = await api.SendAsync("POST", Newer, """{"apiVersion":"v1","kind":"Event","metadata":{"name":"e"}}""");

        Assert.Equal((400, "the API version in the data (v1) does not match the expected API version (events.k8s.io/v1)"), (refused.Code, refused.Message));
    }

    [Fact]
    public async Task A_budget_is_served_to_old_clients_in_their_version()
    {
        const string budgets = "/apis/policy/v1beta1/namespaces/default/poddisruptionbudgets";
        var created = await api.SendAsync(
            "POST", budgets, """{"apiVersion":"policy/v1beta1","kind":"PodDisruptionBudget","metadata":{"name":"guard"},"spec":{"minAvailable":1,"selector":{"matchLabels":{"app":"web"}}}}""");

        Assert.Equal((201, "policy/v1beta1"), (created.Code, Text(created.Json, "apiVersion")));
        Assert.Equal("policy/v1", Text((await api.SendAsync("GET", "/apis/policy/v1/namespaces/default/poddisruptionbudgets/guard")).Json, "apiVersion"));
        Assert.Equal(ResourceKinds.PodDisruptionBudgets.Resource, api.Writer.Requests[^1].Key.Resource);
    }

    [Theory]
    [InlineData("/apis/policy", "policy/v1,policy/v1beta1")]
    [InlineData("/apis/events.k8s.io", "events.k8s.io/v1")]
    public async Task Discovery_names_both_and_prefers_the_stored_one(string path, string versions)
    {
        var group = (await api.SendAsync("GET", path)).Json;

        Assert.Equal(versions, string.Join(',', group["versions"]!.AsArray().Select(version => Text(version!, "groupVersion"))));
        Assert.Equal(versions.Split(',')[0], Text(group["preferredVersion"]!, "groupVersion"));
    }

    private static string Text(JsonNode node, string field) => node[field]!.GetValue<string>();
}
