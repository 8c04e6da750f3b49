using k8s.Models;
using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Tests.Objects;
using Orleans.StatefulSets.Reconciliation.Nodes;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Tests.Replicas;

public sealed class ZoneIndexTests
{
    private readonly Replica replica = new(new JournalOptions(), _ => Task.FromResult(0L), TimeProvider.System);
    private readonly ZoneIndex index;
    private readonly List<string> told = [];
    private long version;

    public ZoneIndexTests()
    {
        index = new ZoneIndex(replica);
        replica.Load([], 0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void After_any_history_the_index_says_what_a_look_at_all_nodes_says_and_told_every_lost_node_of_each_change(int seed)
    {
        var random = new Random(seed);
        var names = Enumerable.Range(0, 12).Select(number => $"node-{number}").ToList();
        var known = names.ToDictionary(name => name, _ => (EvictionMode?)null);
        foreach (var name in names)
        {
            index.Add(name, () => told.Add(name));
        }

        for (var step = 0; step < 600; step++)
        {
            // Long times in which most nodes are lost, and long ones in which most are well.
            var ready = random.Next(10) < (step / 100 % 2 == 0 ? 8 : 1);
            var zone = random.Next(20) == 0 ? "" : $"zone-{random.Next(3)}";
            Put(Node(names[random.Next(names.Count)], zone, ready, counts: random.Next(8) > 0), deleted: random.Next(12) == 0);

            var nodes = replica.List(ResourceKinds.Nodes.Resource, null).Select(item => item.As<V1Node>()).ToList();
            foreach (var node in nodes)
            {
                Assert.Equal(ByLooking(node, nodes), index.ModeOf(node));
            }

            var now = names.ToDictionary(name => name, name => nodes.Find(node => node.Metadata.Name == name) is { } node && !NodeConditions.IsReady(node) ? index.ModeOf(node) : (EvictionMode?)null);
            Assert.All(names.Where(name => now[name] is not null && now[name] != known[name]), name => Assert.Contains(name, told));
            known = now;
            told.Clear();
        }
    }

    [Fact]
    public void Nobody_is_told_while_nothing_changes_for_them()
    {
        foreach (var number in Enumerable.Range(0, 10))
        {
            Put(Node($"node-{number}", "a", ready: number > 0));
            index.Add($"node-{number}", () => told.Add($"node-{number}"));
        }

        told.Clear();
        Put(Node("node-5", "a", ready: true, "changed"));
        Assert.Empty(told);

        Put(Node("node-1", "a", ready: false));
        Assert.Equal(["node-1"], told);
    }

    [Fact]
    public void When_the_last_zone_falls_and_when_the_first_comes_back_the_lost_of_all_zones_are_told()
    {
        Put(Node("a-1", "a", ready: false));
        Put(Node("b-1", "b", ready: true));
        Array.ForEach(["a-1", "b-1"], name => index.Add(name, () => told.Add(name)));

        Put(Node("b-1", "b", ready: false));
        Assert.Equal(["a-1", "b-1"], told.Order());
        told.Clear();

        Put(Node("b-1", "b", ready: true));
        Assert.Equal(["a-1"], told);
    }

    [Fact]
    public void A_keeper_that_went_is_not_told_and_does_not_take_its_successor_with_it()
    {
        Action first = () => told.Add("first");
        index.Add("node-1", first);
        index.Add("node-1", () => told.Add("second"));
        index.Remove("node-1", first);

        Put(Node("node-1", "a", ready: false));

        Assert.Equal(["second"], told);
    }

    // The rule of upstream's handleDisruption, by a look at every node.
    private static EvictionMode ByLooking(V1Node mine, IReadOnlyList<V1Node> nodes)
    {
        var zones = nodes.Where(ZoneHealth.Counts).GroupBy(ZoneHealth.ZoneOf)
            .ToDictionary(zone => zone.Key, zone => new ZoneCounts(zone.Count(NodeConditions.IsReady), zone.Count(node => !NodeConditions.IsReady(node))));
        return ZoneHealth.Of(zones.GetValueOrDefault(ZoneHealth.ZoneOf(mine)), zones.Count == 0 || zones.Values.Any(zone => zone.Ready > 0));
    }

    private void Put(V1Node node, bool deleted = false) => replica.Apply(Samples.Slice(++version, new PublishedRevision(Samples.Stored(node, version), deleted)));

    private static V1Node Node(string name, string zone, bool ready, bool counts) => Node(name, zone, ready) is var node && counts
        ? node
        : node with { Metadata = node.Metadata with { Labels = new Dictionary<string, string>(node.Metadata.Labels) { ["node.kubernetes.io/exclude-disruption"] = "" } } };

    private static V1Node Node(string name, string zone, bool ready, string? changed = null) => new()
    {
        ApiVersion = "v1",
        Kind = "Node",
        Metadata = new V1ObjectMeta
        {
            Name = name,
            Uid = $"uid-{name}",
            Labels = zone.Length == 0 ? new Dictionary<string, string>() : new Dictionary<string, string> { ["topology.kubernetes.io/zone"] = zone },
            Annotations = changed is null ? null : new Dictionary<string, string> { ["changed"] = changed },
        },
        Status = new V1NodeStatus { Conditions = [new V1NodeCondition { Type = "Ready", Status = ready ? "True" : "Unknown" }] },
    };
}
