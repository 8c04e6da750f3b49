using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>The nodes, the pods on them, and what is counted of both: each change costs what it changes.</summary>
/// <param name="seed">Breaks ties between equal nodes.</param>
internal sealed class ClusterPods(long seed)
{
    private readonly Dictionary<string, NodeRoom> rooms = new(StringComparer.Ordinal);
    private readonly SortedSet<NodeRank> ranking = [];
    private readonly Dictionary<(string Namespace, string Name), PodPlace> places = [];
    private readonly SortedDictionary<int, int> priorities = [];
    private readonly PodCounts counts = new();

    /// <summary>How many nodes there are.</summary>
    public int Size => ranking.Count;

    public OwnerSpread Owners { get; } = new();

    public StandingTerms Standing { get; } = new();

    public Namespaces Namespaces { get; } = new();

    /// <summary>The nodes, those with most room first.</summary>
    public IEnumerable<NodeRoom> Ranked => ranking.Select(rank => rooms[rank.Name]);

    public IEnumerable<V1Node> Nodes => Ranked.Select(room => room.Node!);

    /// <summary>Whether a pod somewhere gives way to one of that priority.</summary>
    public bool HasLowerThan(int priority) => priorities.Count > 0 && priorities.First().Key < priority;

    public V1Node? Node(string name) => rooms.GetValueOrDefault(name)?.Node;

    public NodeRoom? Find(string name) => rooms.GetValueOrDefault(name) is { Node: not null } room ? room : null;

    public PodPlace? Place((string Namespace, string Name) key) => places.GetValueOrDefault(key);

    /// <summary>How many pods that a query means are on each node.</summary>
    public IReadOnlyDictionary<string, int> Count(PodQuery query) => counts.ByNode(query, places.Values);

    public void SetNode(V1Node node, long resourceVersion)
    {
        var room = Room(node.Metadata.Name);
        if (resourceVersion > room.ResourceVersion)
        {
            room.ResourceVersion = resourceVersion;
            Change(room, changed => changed.Node = node);
        }
    }

    /// <summary>The node is gone. Its pods still count there, should it come back before they go.</summary>
    public void RemoveNode(string name)
    {
        if (rooms.TryGetValue(name, out var room))
        {
            Change(room, changed => changed.Node = null);
            DropIfEmpty(room);
        }
    }

    public void Enter(PodPlace place)
    {
        places.Add(place.Pod.Key, place);
        Change(Room(place.Node), room => room.Add(place.Pod));
        Count(place, 1);
    }

    public void Leave((string Namespace, string Name) key)
    {
        if (places.Remove(key, out var place))
        {
            var room = rooms[place.Node];
            Change(room, changed => changed.Remove(place.Pod));
            Count(place, -1);
            DropIfEmpty(room);
        }
    }

    private void Count(PodPlace place, int change)
    {
        Owners.Move(place.Pod.Owner, place.Node, change);
        counts.Move(place.Pod, place.Node, change);
        Standing.Move(place.Pod, place.Node, change);
        var ofPriority = priorities.GetValueOrDefault(place.Pod.Priority) + change;
        if (ofPriority > 0)
        {
            priorities[place.Pod.Priority] = ofPriority;
        }
        else
        {
            priorities.Remove(place.Pod.Priority);
        }
    }

    // A rank is a value: it leaves the ranking before what it is made of changes.
    private void Change(NodeRoom room, Action<NodeRoom> change)
    {
        ranking.Remove(NodeRank.Of(room, seed));
        change(room);
        if (room.Node is not null)
        {
            ranking.Add(NodeRank.Of(room, seed));
        }
    }

    private void DropIfEmpty(NodeRoom room)
    {
        if (room is { Node: null, Pods: 0 })
        {
            rooms.Remove(room.Name);
        }
    }

    private NodeRoom Room(string name)
    {
        if (!rooms.TryGetValue(name, out var room))
        {
            rooms.Add(name, room = new NodeRoom(name));
        }

        return room;
    }
}
