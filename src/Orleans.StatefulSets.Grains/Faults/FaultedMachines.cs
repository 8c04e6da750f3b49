using k8s.Models;
using Orleans.StatefulSets.Grains.Disruption;
using Orleans.StatefulSets.Grains.Messages;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Reconciliation.Faults;
using Orleans.StatefulSets.Resources.Faults;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Faults;

/// <summary>Does to nodes and to what is on them what a Fault has decided, each through the one that owns it.</summary>
internal sealed class FaultedMachines(ObjectServices services, PodEvictions evictions)
{
    private const int AtOnce = 32;

    /// <summary>Does it to nodes.</summary>
    public Task StrikeAsync(V1alpha1Fault fault, IReadOnlyList<V1alpha1FaultNode> nodes) => EachAsync(nodes, node => fault.Spec.Action == FaultActions.NodeRemove
        ? RemoveAsync(node)
        : services.Observers.Node(node.Name!).BeginFault(fault.Spec.Action!, fault.Metadata.Name));

    /// <summary>Undoes it on nodes; where another Fault still does the same to one, it takes over.</summary>
    public Task LiftAsync(V1alpha1Fault fault, IReadOnlyList<V1alpha1FaultNode> nodes) => EachAsync(nodes, node => fault.Spec.Action == FaultActions.NodeRemove
        ? RestoreAsync(node)
        : services.Observers.Node(node.Name!).EndFault(fault.Spec.Action!, fault.Metadata.Name, HeirOf(fault, node)));

    /// <summary>Kills containers. One that is gone meanwhile is as dead.</summary>
    public Task KillAsync(IReadOnlyList<DoomedContainer> containers) => EachAsync(containers, doomed =>
        services.Observers.Node(doomed.Node).KillContainer(ResourceKinds.Pods.Key(doomed.Namespace, doomed.Pod).ToString(), doomed.Uid, doomed.Container));

    /// <summary>Evicts pods. Which of them their budgets keep is found out by asking, and asked again later.</summary>
    public Task EvictAsync(IReadOnlyList<V1Pod> pods) => EachAsync(pods, pod => evictions.EvictAsync(new WriteRequest
    {
        Key = ResourceKinds.Pods.Key(pod.Metadata.NamespaceProperty, pod.Metadata.Name),
        Verb = WriteVerb.Create,
        Subresource = "eviction",
        Body = ObjectJson.Encode(new V1Eviction
        {
            ApiVersion = "policy/v1",
            Kind = "Eviction",
            Metadata = new V1ObjectMeta { Name = pod.Metadata.Name, NamespaceProperty = pod.Metadata.NamespaceProperty },
            DeleteOptions = new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = pod.Metadata.Uid } },
        }),
    }));

    private Task RemoveAsync(V1alpha1FaultNode node) => services.Observers.Node(node.Name!).Write(new WriteRequest
    {
        Key = ResourceKinds.Nodes.Key("", node.Name!),
        Verb = WriteVerb.Delete,
        DeleteOptions = new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = node.Uid } },
    });

    private async Task RestoreAsync(V1alpha1FaultNode node)
    {
        var reply = await services.Observers.Node(node.Name!).Create(new Model(new V1Node
        {
            ApiVersion = "v1",
            Kind = "Node",
            Metadata = new V1ObjectMeta { Name = node.Name, Labels = node.Labels },
            Status = new V1NodeStatus { Capacity = node.Capacity },
        }));

        // A machine of that name that is there already is as good, and one that can't be must not keep the Fault for ever.
        if (reply.Refused && reply.ToException() is { Code: 429 or >= 500 } refusal)
        {
            throw refusal;
        }
    }

    private string? HeirOf(V1alpha1Fault fault, V1alpha1FaultNode node) => services.Replicas.Faults.All.FirstOrDefault(other =>
        other.Action == fault.Spec.Action && other.Name != fault.Metadata.Name && other.HappensAt(services.Clock.Now) && other.Nodes.Any(held => held.Name == node.Name && held.Uid == node.Uid))?.Name;

    private static async Task EachAsync<T>(IReadOnlyList<T> items, Func<T, Task> work)
    {
        foreach (var part in items.Chunk(AtOnce))
        {
            await Task.WhenAll(part.Select(work));
        }
    }
}
