using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Faults;
using Orleans.StatefulSets.Reconciliation.Nodes;
using Orleans.StatefulSets.Resources.Faults;

namespace Orleans.StatefulSets.Grains.Nodes;

/// <content>What Faults do to the machine.</content>
internal sealed partial class NodeGrain
{
    /// <inheritdoc/>
    public async Task<bool> BeginFault(string action, string fault)
    {
        var freezes = action == FaultActions.NodeFreeze;
        if (freezes)
        {
            // Before anybody reads that it hangs, it does.
            runtime.Freeze(true);
        }

        try
        {
            return await ChangeNodeAsync(node => NodeFaults.Begin(node, action, fault, Services.Clock.NowSeconds));
        }
        finally
        {
            if (freezes)
            {
                runtime.Freeze(Node() is { } node && NodePower.IsFrozen(node));
            }
        }
    }

    /// <inheritdoc/>
    public Task<bool> EndFault(string action, string fault, string? heir) => ChangeNodeAsync(node => NodeFaults.End(node, action, fault, heir, Services.Clock.NowSeconds));

    /// <inheritdoc/>
    public async Task<bool> KillContainer(string podKey, string uid, string container)
    {
        await ConfirmPodsAsync();
        Catch(podKey);
        return Node() is { } node && !NodePower.IsSilent(node) && kubelet.Kill(podKey, uid, container);
    }

    // The node may be gone, and its machine with it: then there is nothing to do to it, and nothing to undo.
    private async Task<bool> ChangeNodeAsync(Func<V1Node, V1Node?> change) => await ChangeAsync(null, change) is not null;
}
