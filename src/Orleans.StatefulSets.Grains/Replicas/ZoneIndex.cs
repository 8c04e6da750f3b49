using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Nodes;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Replicas;

/// <summary>
/// How many nodes of each zone are ready: what may be done to the pods of a lost one is decided from that, and looking at all nodes for
/// each lost one would cost the square of their number. The grains of this silo that keep nodes are told where it changes for them.
/// </summary>
internal sealed class ZoneIndex
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Member> members = [];
    private readonly Dictionary<string, Zone> zones = [];
    private readonly Dictionary<string, Action> listeners = [];
    private int workingZones;
    private int countingZones;

    public ZoneIndex(Replica replica) => replica.Applied += Apply;

    /// <summary>What may be done to the pods of a node, were it lost.</summary>
    public EvictionMode ModeOf(V1Node node)
    {
        lock (gate)
        {
            return ModeIn(ZoneHealth.ZoneOf(node));
        }
    }

    /// <summary>From now on a node's keeper is told, in the replica's feed, when its node is seen lost and when what may be done to it changes.</summary>
    public void Add(string node, Action listener)
    {
        lock (gate)
        {
            listeners[node] = listener;
        }
    }

    /// <summary>A keeper goes; another one that took its place meanwhile stays.</summary>
    public void Remove(string node, Action listener)
    {
        lock (gate)
        {
            if (listeners.GetValueOrDefault(node) == listener)
            {
                listeners.Remove(node);
            }
        }
    }

    private EvictionMode ModeIn(string zone) =>
        ZoneHealth.Of(zones.TryGetValue(zone, out var found) ? found.Counts : default, workingZones > 0 || countingZones == 0);

    private void Apply(ObjectChange change)
    {
        if (change.Object.Key.Resource != ResourceKinds.Nodes.Resource)
        {
            return;
        }

        var name = change.Object.Key.Name;
        var next = change.Type == ChangeType.Deleted ? null : Member.Of(change.Object.As<V1Node>());
        List<Action> told = [];
        lock (gate)
        {
            var before = members.GetValueOrDefault(name);
            if (next == before)
            {
                return;
            }

            string[] touched = [.. new[] { before?.Zone, next?.Zone }.OfType<string>().Distinct()];
            var modes = Array.ConvertAll(touched, ModeIn);
            var anyWorked = workingZones > 0;
            Move(name, before, next);
            var changed = anyWorked != workingZones > 0 ? [.. zones.Keys] : touched.Where((zone, place) => ModeIn(zone) != modes[place]);
            // One that is only now seen lost may have decided before it counted, and was not among those who were told of what it did not know.
            IEnumerable<string> itself = next is { Ready: false } ? [name] : [];
            told.AddRange(changed.SelectMany(LostIn).Union(itself).Where(listeners.ContainsKey).Select(node => listeners[node]));
        }

        told.ForEach(listener => listener());
    }

    private IEnumerable<string> LostIn(string zone) => zones.TryGetValue(zone, out var found) ? found.Lost : [];

    private void Move(string name, Member? before, Member? next)
    {
        if (before is not null)
        {
            members.Remove(name);
            Count(name, before, -1);
        }

        if (next is not null)
        {
            members[name] = next;
            Count(name, next, 1);
        }
    }

    private void Count(string name, Member member, int by)
    {
        if (!zones.TryGetValue(member.Zone, out var zone))
        {
            zones[member.Zone] = zone = new Zone();
        }

        countingZones -= zone.IsCounting ? 1 : 0;
        workingZones -= zone.Counts.Ready > 0 ? 1 : 0;
        zone.Members += by;
        if (member.Counts)
        {
            zone.Counts = member.Ready ? zone.Counts with { Ready = zone.Counts.Ready + by } : zone.Counts with { Unready = zone.Counts.Unready + by };
        }

        if (!member.Ready && by > 0)
        {
            zone.Lost.Add(name);
        }
        else
        {
            zone.Lost.Remove(name);
        }

        countingZones += zone.IsCounting ? 1 : 0;
        workingZones += zone.Counts.Ready > 0 ? 1 : 0;
        if (zone.Members == 0)
        {
            zones.Remove(member.Zone);
        }
    }

    private sealed record Member(string Zone, bool Ready, bool Counts)
    {
        public static Member Of(V1Node node) => new(ZoneHealth.ZoneOf(node), NodeConditions.IsReady(node), ZoneHealth.Counts(node));
    }

    private sealed class Zone
    {
        public HashSet<string> Lost { get; } = [];

        public ZoneCounts Counts { get; set; }

        public int Members { get; set; }

        public bool IsCounting => Counts.Ready + Counts.Unready > 0;
    }
}
