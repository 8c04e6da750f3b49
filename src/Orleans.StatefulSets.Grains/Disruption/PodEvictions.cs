using System.Globalization;
using k8s.Models;
using Orleans.StatefulSets.Grains.Cluster;
using Orleans.StatefulSets.Grains.Messages;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Reconciliation.Disruption;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Disruption;

/// <summary>POST to a pod's <c>eviction</c>: the budget's grain grants it with a commit of its own, and only then the pod is deleted. Each of the three steps is taken once across the death of a silo.</summary>
internal sealed class PodEvictions(ObjectRoutes routes, ReplicaSet replicas, RepeatedWrites writes)
{
    private const int MostTries = 20;

    /// <summary>Evicts a pod, or says why not.</summary>
    /// <returns>The pod as the deletion left it.</returns>
    public async Task<ObjectReply> EvictAsync(WriteRequest request)
    {
        var begun = writes.Begin();
        try
        {
            var options = EvictionBody.Read(request);
            for (var attempt = 1; ; attempt++)
            {
                var pod = await FindAsync(request.Key, begun);
                if (!EvictionRules.IgnoresBudgets(pod.As<V1Pod>()))
                {
                    return await EvictGuardedAsync(pod, options, begun);
                }

                var isPinned = HasVersion(options);
                var reply = await DeleteAsync(pod.Key, EvictionRules.MustBeUnchanged(pod.As<V1Pod>()) && !isPinned ? Pinned(options, pod) : options, begun);
                if (!IsConflict(reply) || isPinned || attempt == MostTries)
                {
                    return reply;
                }
            }
        }
        catch (ApiException refusal)
        {
            return ObjectReply.Refuse(refusal);
        }
    }

    private async Task<ObjectReply> EvictGuardedAsync(StoredObject item, V1DeleteOptions options, long begun)
    {
        var pod = item.As<V1Pod>();
        var budgets = EvictionRules.BudgetsOf(pod, replicas.List(ResourceKinds.PodDisruptionBudgets.Resource, item.Key.Namespace));
        if (budgets.Count > 1)
        {
            throw EvictionRules.MoreThanOneBudget();
        }

        if (budgets is not [var budget])
        {
            return await TakeAsync(item.Key, options, begun);
        }

        if (!EvictionRules.PassesAsUnhealthy(pod, budget.As<V1PodDisruptionBudget>()))
        {
            await GrantAsync(budget.Key, item, IsDryRun(options), begun);
            return await TakeAsync(item.Key, options, begun);
        }

        // It was let go because it is not ready: it must not have become so.
        var reply = await TakeAsync(item.Key, Pinned(options, item), begun);
        return IsConflict(reply) && !HasVersion(options) ? throw EvictionRules.StillProcessed(budget.Key.Name) : reply;
    }

    // Where the answer was lost and the budget says that the pod goes, it was granted.
    private Task<ObjectReply> GrantAsync(ObjectKey budget, StoredObject pod, bool dryRun, long begun)
    {
        var asked = false;
        return writes.AskAsync(
            async () =>
            {
                if (asked && !dryRun)
                {
                    await replicas.Objects.WaitForHeadAsync(CancellationToken.None);
                    if (replicas.Find(budget) is { } granted && granted.As<V1PodDisruptionBudget>().Status?.DisruptedPods?.ContainsKey(pod.Key.Name) == true)
                    {
                        return new ObjectReply { Outcome = WriteOutcome.Unchanged, Object = granted };
                    }
                }

                asked = true;
                var reply = await routes.DisruptionBudget(budget.Namespace, budget.Name).Grant(pod.Key.Name, pod.Uid, dryRun);
                reply.Demand();
                return reply;
            },
            begun);
    }

    /// <summary>Says in the pod's status why it goes, and deletes it.</summary>
    private async Task<ObjectReply> TakeAsync(ObjectKey key, V1DeleteOptions options, long begun)
    {
        if (IsDryRun(options))
        {
            return await DeleteAsync(key, options, begun);
        }

        var marked = (await writes.AskAsync(() => routes.Pod(key.Namespace, key.Name).MarkDisrupted(new Model(options.Preconditions ?? new V1Preconditions())), begun)).Demand();
        return await DeleteAsync(key, HasVersion(options) ? Pinned(options, marked) : options, begun);
    }

    private Task<ObjectReply> DeleteAsync(ObjectKey key, V1DeleteOptions options, long begun) => writes.WriteAsync(
        new WriteRequest
        {
            Key = key,
            Verb = WriteVerb.Delete,
            DeleteOptions = options,
            DryRun = IsDryRun(options),
        },
        begun);

    // What the client did before through another silo counts, and what this copy has not seen yet does too.
    private async Task<StoredObject> FindAsync(ObjectKey key, long begun)
    {
        await writes.AskAsync(
            async () =>
            {
                await replicas.Objects.WaitForHeadAsync(CancellationToken.None);
                return true;
            },
            begun);
        return replicas.Find(key) ?? throw ApiErrors.NotFound(ResourceKinds.Pods, key.Name);
    }

    private static bool IsDryRun(V1DeleteOptions options) => options.DryRun is { Count: > 0 };

    private static bool HasVersion(V1DeleteOptions options) => options.Preconditions?.ResourceVersion is not null;

    private static bool IsConflict(ObjectReply reply) => reply.Refused && reply.ToException().Code == 409;

    private static V1DeleteOptions Pinned(V1DeleteOptions options, StoredObject pod) => options with
    {
        Preconditions = new V1Preconditions
        {
            Uid = options.Preconditions?.Uid,
            ResourceVersion = pod.ResourceVersion.ToString(CultureInfo.InvariantCulture),
        },
    };
}
