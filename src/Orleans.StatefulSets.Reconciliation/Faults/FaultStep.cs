using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Events;
using Orleans.StatefulSets.Resources.Faults;

namespace Orleans.StatefulSets.Reconciliation.Faults;

/// <summary>A Fault and what its next step depends on.</summary>
public sealed record FaultSituation
{
    /// <summary>The Fault as stored.</summary>
    public required V1alpha1Fault Fault { get; init; }

    /// <summary>All nodes; looked at only when it begins, where it is done to nodes.</summary>
    public required IEnumerable<V1Node> Nodes { get; init; }

    /// <summary>The node of a name, or null; asked of those that were chosen.</summary>
    public required Func<string, V1Node?> NodeOf { get; init; }

    /// <summary>The pods that it may mean (<see cref="ArmedFault.MaySelect"/>); looked at only where containers are to be killed.</summary>
    public required IEnumerable<V1Pod> Pods { get; init; }

    /// <summary>The pods on a node; looked at only where it is drained.</summary>
    public required Func<string, IEnumerable<V1Pod>> PodsOn { get; init; }

    /// <summary>The simulated time.</summary>
    public required DateTime Now { get; init; }
}

/// <summary>A container that is to be killed.</summary>
/// <param name="Namespace">Its pod's namespace.</param>
/// <param name="Pod">Its pod's name.</param>
/// <param name="Uid">Its pod's uid: none that takes the name is meant.</param>
/// <param name="Node">The node that it is on.</param>
/// <param name="Container">Its name.</param>
public sealed record DoomedContainer(string Namespace, string Pod, string Uid, string Node, string Container);

/// <summary>A Fault's next step, to be carried out in the order of the fields; where there is a revision to write, ask again after it.</summary>
public sealed record FaultStep
{
    /// <summary>The nodes on which it is to be undone.</summary>
    public IReadOnlyList<V1alpha1FaultNode> Lift { get; init; } = [];

    /// <summary>The next revision. Where it can't be written because the Fault has changed, nothing below is done.</summary>
    public V1alpha1Fault? Next { get; init; }

    /// <summary>The Fault goes with that revision.</summary>
    public bool Removed { get; init; }

    /// <summary>What is told of the Fault.</summary>
    public IReadOnlyList<ObjectEvent> Events { get; init; } = [];

    /// <summary>The containers that are to be killed; each once.</summary>
    public IReadOnlyList<DoomedContainer> Kill { get; init; } = [];

    /// <summary>The nodes to which it is to be done; doing it twice does no harm.</summary>
    public IReadOnlyList<V1alpha1FaultNode> Strike { get; init; } = [];

    /// <summary>The pods that are to be evicted, as far as their budgets allow.</summary>
    public IReadOnlyList<V1Pod> Evict { get; init; } = [];

    /// <summary>When to ask again if no other news comes; null for not at all.</summary>
    public DateTime? DueAt { get; init; }
}
