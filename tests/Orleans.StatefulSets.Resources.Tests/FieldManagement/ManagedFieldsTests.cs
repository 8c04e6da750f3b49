using System.Text.Json;
using k8s.Models;
using Orleans.StatefulSets.Resources.FieldManagement;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Resources.Tests.FieldManagement;

public sealed class ManagedFieldsTests
{
    private static readonly DateTime Noon = new(2025, 5, 1, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Creation_owns_every_field_that_is_set_and_nothing_of_the_servers()
    {
        var set = Written(null, ObjectJson.Decode<V1StatefulSet>(
            """{"metadata":{"name":"web","uid":"u","labels":{"app":"nginx"},"finalizers":["x/y"]},"spec":{"replicas":2,"selector":{"matchLabels":{"app":"nginx"}},"template":{"metadata":{"labels":{"app":"nginx"}},"spec":{"containers":[{"name":"nginx","image":"n:1","resources":{},"ports":[{"containerPort":80,"protocol":"TCP"}]}]}},"updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":0}}},"status":{"replicas":1}}"""u8), "kubectl");

        Assert.Equal(
            """{"f:metadata":{"f:finalizers":{".":{},"v:\"x/y\"":{}},"f:labels":{".":{},"f:app":{}}},"f:spec":{"f:replicas":{},"f:selector":{},"f:template":{"f:metadata":{"f:labels":{".":{},"f:app":{}}},"f:spec":{"f:containers":{"k:{\"name\":\"nginx\"}":{".":{},"f:image":{},"f:name":{},"f:ports":{".":{},"k:{\"containerPort\":80,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{},"f:protocol":{}}},"f:resources":{}}}}},"f:updateStrategy":{"f:rollingUpdate":{".":{},"f:partition":{}},"f:type":{}}}}""",
            Fields(Assert.Single(set.Metadata.ManagedFields)));
    }

    [Fact]
    public void Update_takes_over_what_it_changed_and_no_more()
    {
        var created = Written(null, Map("1", "1"), "alice");

        var updated = Written(created, Map("1", "2") with { Metadata = created.Metadata }, "bob", Noon.AddMinutes(1));

        Assert.Equal(["alice", "bob"], updated.Metadata.ManagedFields.Select(entry => entry.Manager));
        Assert.Equal("""{"f:data":{".":{},"f:a":{}}}""", Fields(updated.Metadata.ManagedFields[0]));
        Assert.Equal("""{"f:data":{"f:b":{}}}""", Fields(updated.Metadata.ManagedFields[1]));
        Assert.Equal([Noon, Noon.AddMinutes(1)], updated.Metadata.ManagedFields.Select(entry => entry.Time!.Value));
    }

    [Fact]
    public void What_is_removed_belongs_to_nobody_and_empty_entries_go()
    {
        var created = Written(null, Map("1", "1"), "alice");
        var updated = Written(created, Map("1", "2") with { Metadata = created.Metadata }, "bob");

        var shrunk = Written(updated, Map("1", null) with { Metadata = updated.Metadata }, "carol");

        Assert.Equal("""{"f:data":{".":{},"f:a":{}}}""", Fields(Assert.Single(shrunk.Metadata.ManagedFields)));
        Assert.Equal("alice", shrunk.Metadata.ManagedFields[0].Manager);
    }

    [Fact]
    public void Update_that_changes_nothing_keeps_entries_and_times()
    {
        var created = Written(null, Map("1", "1"), "alice");

        var again = Written(created, Map("1", "1") with { Metadata = created.Metadata }, "bob", Noon.AddMinutes(1));

        Assert.Same(created.Metadata.ManagedFields, again.Metadata.ManagedFields);
    }

    [Fact]
    public void Empty_list_resets_and_what_nobody_tracks_stays_so()
    {
        var created = Written(null, Map("1", "1"), "alice");

        var reset = Written(created, Map("1", "2") with { Metadata = created.Metadata with { ManagedFields = [] } }, "bob");
        var later = Written(reset, Map("1", "3") with { Metadata = reset.Metadata }, "bob");

        Assert.Null(reset.Metadata.ManagedFields);
        Assert.Null(later.Metadata.ManagedFields);
    }

    private static V1ConfigMap Map(string a, string? b) => new()
    {
        Metadata = new V1ObjectMeta { Name = "m" },
        Data = b is null ? new Dictionary<string, string> { ["a"] = a } : new Dictionary<string, string> { ["a"] = a, ["b"] = b },
    };

    private static T Written<T>(T? before, T after, string manager, DateTime? now = null)
        where T : class => (T)ManagedFields.AfterWrite(ResourceKinds.Of(typeof(T)), before, after, manager, "", now ?? Noon);

    private static string Fields(V1ManagedFieldsEntry entry) => ((JsonElement)entry.FieldsV1).GetRawText();
}
