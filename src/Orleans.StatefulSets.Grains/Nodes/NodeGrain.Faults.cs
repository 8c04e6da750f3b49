using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Faults;
using Orleans.StatefulSets.Reconciliation.Nodes;

namespace Orleans.StatefulSets.Grains.Nodes;

/// <content>What Faults do to the machine.</content>
internal sealed partial class NodeGrain
{
    /// <inheritdoc/>
    public Task<bool> BeginFault(string action, string fault) => ChangeNodeAsync(node => NodeFaults.Begin(node, action, fault, Services.Clock.NowSeconds));

    /// <inheritdoc/>
    public Task<bool> EndFault(string action, string fault, string? heir) => ChangeNodeAsync(node => NodeFaults.End(node, action, fault, heir, Services.Clock.NowSeconds));

    /// <inheritdoc/>
    public Task<bool> KillContainer(string podKey, string uid, string container)
    {
        Catch(podKey);
        return Task.FromResult(Node() is { } node && !NodePower.IsSilent(node) && kubelet.Kill(podKey, uid, container));
    }

    // The node may be gone, and its machine with it: then there is nothing to do to it, and nothing to undo.
    private async Task<bool> ChangeNodeAsync(Func<V1Node, V1Node?> change) => await ChangeAsync(null, change) is not null;
}
