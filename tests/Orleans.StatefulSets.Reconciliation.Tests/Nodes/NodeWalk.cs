using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Events;
using Orleans.StatefulSets.Reconciliation.Nodes;

namespace Orleans.StatefulSets.Reconciliation.Tests.Nodes;

/// <summary>Carries one node among others through what happens to it, on a clock that jumps to the next due moment.</summary>
internal sealed class NodeWalk(V1Node node)
{
    internal static readonly DateTime Start = new(2025, 6, 1, 12, 0, 0, DateTimeKind.Utc);

    internal V1Node Node { get; private set; } = node;

    internal DateTime Now { get; set; } = Start;

    internal EvictionMode Mode { get; set; }

    internal List<ObjectEvent> Events { get; } = [];

    internal static V1Node Machine(int index = 0) => NodeObjects.New(index, new NodeOptions(), Start);

    /// <summary>Somebody writes the node, as the API server takes it.</summary>
    internal NodeWalk Write(Func<V1Node, V1Node> change)
    {
        Node = NodePower.Stamp(change(Node), Node, Now);
        return Settle();
    }

    internal NodeWalk Power(string? value) => Write(node =>
    {
        var annotations = new Dictionary<string, string>(node.Metadata.Annotations);
        annotations.Remove(NodePower.Switch);
        if (value is not null)
        {
            annotations[NodePower.Switch] = value;
        }

        return node with { Metadata = node.Metadata with { Annotations = annotations } };
    });

    /// <summary>Takes every step that is due.</summary>
    internal NodeWalk Settle()
    {
        for (var steps = 0; ; steps++)
        {
            Assert.True(steps < 20, "the node does not settle");
            var step = Ask();
            Events.AddRange(step.Events);
            if (step.Next is null)
            {
                Assert.False(step.DueAt <= Now, "what is due is done, not announced");
                return this;
            }

            Node = step.Next;
        }
    }

    internal NodeStep Ask() => NodeDecision.Next(new NodeSituation { Node = Node, Mode = Mode, AddressIndex = 0, Options = new NodeOptions(), Now = Now });

    internal NodeWalk After(TimeSpan time)
    {
        Now += time;
        return Settle();
    }

    internal string Taints() => string.Join(' ', (Node.Spec.Taints ?? []).Select(taint => $"{taint.Key.Split('/')[^1]}:{taint.Effect}"));

    internal string? Ready() => NodeConditions.Status(Node, "Ready");
}
