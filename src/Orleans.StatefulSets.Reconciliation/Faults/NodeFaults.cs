using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Nodes;
using Orleans.StatefulSets.Resources.Faults;

namespace Orleans.StatefulSets.Reconciliation.Faults;

/// <summary>
/// What a Fault does to a Node's object, and how it is undone. It marks what it did with its name: what somebody else did, before or
/// meanwhile, is not undone with it.
/// </summary>
public static class NodeFaults
{
    /// <summary>The Fault that switched the machine off, or froze it.</summary>
    public const string SwitchedBy = "emulator.statefulsets/switched-by";

    /// <summary>The Fault that cordoned the node.</summary>
    public const string CordonedBy = "emulator.statefulsets/cordoned-by";

    /// <summary>It was done to the node, by that Fault or by another that will hand it over.</summary>
    public static bool IsBegun(V1Node node, string action, string fault) =>
        action != FaultActions.NodeRemove && (Mark(node, action) == fault || (Mark(node, action) is null && IsDone(node, action)));

    /// <summary>The node as it is when the fault is done to it; null where it needs no change.</summary>
    /// <param name="node">The node.</param>
    /// <param name="action">The fault's action.</param>
    /// <param name="fault">The fault's name.</param>
    /// <param name="now">The simulated time, whole seconds.</param>
    public static V1Node? Begin(V1Node node, string action, string fault, DateTime now) => IsDone(node, action) || Mark(node, action) is not null
        ? null
        : action switch
        {
            FaultActions.NodeCrash => NodePower.Stamp(Annotated(node, (NodePower.Switch, NodePower.Off), (SwitchedBy, fault)), node, now),
            FaultActions.NodeFreeze => NodePower.Stamp(Annotated(node, (NodePower.Switch, NodePower.Frozen), (SwitchedBy, fault)), node, now),
            FaultActions.NodeDrain => Annotated(node, (CordonedBy, fault)) with { Spec = (node.Spec ?? new V1NodeSpec()) with { Unschedulable = true } },
            _ => null,
        };

    /// <summary>The node as it is when the fault is over; null where it needs no change.</summary>
    /// <param name="node">The node.</param>
    /// <param name="action">The fault's action.</param>
    /// <param name="fault">The fault's name.</param>
    /// <param name="heir">Another fault that does the same to the node and is not over; null where there is none.</param>
    /// <param name="now">The simulated time, whole seconds.</param>
    public static V1Node? End(V1Node node, string action, string fault, string? heir, DateTime now)
    {
        if (Mark(node, action) != fault)
        {
            return null;
        }

        if (heir is not null)
        {
            return Annotated(node, (KeyOf(action), heir));
        }

        // Who moved the switch meanwhile has it where he wants it.
        return action == FaultActions.NodeDrain
            ? Annotated(node, (CordonedBy, null)) with { Spec = node.Spec with { Unschedulable = null } }
            : NodePower.Stamp(IsDone(node, action) ? Annotated(node, (NodePower.Switch, null), (SwitchedBy, null)) : Annotated(node, (SwitchedBy, null)), node, now);
    }

    private static bool IsDone(V1Node node, string action) => action switch
    {
        FaultActions.NodeCrash => NodePower.IsOff(node),
        FaultActions.NodeFreeze => NodePower.IsFrozen(node),
        FaultActions.NodeDrain => node.Spec?.Unschedulable == true,
        _ => false,
    };

    private static string? Mark(V1Node node, string action) => node.Metadata.Annotations?.TryGetValue(KeyOf(action), out var fault) == true ? fault : null;

    private static string KeyOf(string action) => action == FaultActions.NodeDrain ? CordonedBy : SwitchedBy;

    private static V1Node Annotated(V1Node node, params (string Key, string? Value)[] changes)
    {
        var annotations = new Dictionary<string, string>(node.Metadata.Annotations ?? new Dictionary<string, string>());
        foreach (var (key, value) in changes)
        {
            if (value is null)
            {
                annotations.Remove(key);
            }
            else
            {
                annotations[key] = value;
            }
        }

        return node with { Metadata = node.Metadata with { Annotations = annotations } };
    }
}
