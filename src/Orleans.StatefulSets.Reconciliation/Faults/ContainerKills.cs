using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Pods;

namespace Orleans.StatefulSets.Reconciliation.Faults;

/// <summary>
/// Containers are killed in rounds. That a round was made is written before it is: where whoever makes it is lost in between, it is left
/// out, and never made twice.
/// </summary>
internal static class ContainerKills
{
    internal static FaultStep Next(FaultSituation situation, DateTime started, DateTime? ends)
    {
        var fault = situation.Fault;
        var made = fault.Status!.Rounds ?? 0;
        var round = FaultTimes.RoundAt(fault, started, situation.Now);
        if (round < made)
        {
            return new FaultStep { DueAt = Earlier(FaultTimes.MomentOf(fault, started, made), ends) };
        }

        var doomed = Choose(situation, round);
        var counted = FaultDecision.Count(fault, doomed.Count);
        var next = counted with { Status = counted.Status! with { Rounds = (int)Math.Min(int.MaxValue, round + 1) } };
        var isSpent = next.Status!.Injections >= fault.Spec.Count;
        var isOver = isSpent || FaultTimes.MomentOf(fault, started, round + 1) is null;
        return new FaultStep
        {
            Next = isOver ? FaultStatuses.Finish(next, isSpent ? FaultStatuses.CountReached : FaultStatuses.Done, situation.Now) : next,
            Kill = doomed,
            Events = doomed.Count == 0 ? [] : [FaultEvents.Killed(doomed.Count)],
        };
    }

    // Whom a bound lets through is chance's choice too, not the alphabet's.
    private static IReadOnlyList<DoomedContainer> Choose(FaultSituation situation, long round)
    {
        var fault = situation.Fault;
        var armed = new ArmedFault(fault);
        var room = fault.Spec.Count is { } most ? Math.Max(0, most - (fault.Status!.Injections ?? 0)) : int.MaxValue;
        var hit = situation.Pods.SelectMany(pod => RunningIn(armed, pod)).Where(doomed => armed.Strikes(TargetOf(doomed), round));
        return room == int.MaxValue
            ? [.. hit]
            : [.. hit.OrderBy(doomed => FaultChance.Draw(fault.Spec.Seed ?? 0, fault.Metadata.Name, TargetOf(doomed), round)).ThenBy(TargetOf, StringComparer.Ordinal).Take(room)];
    }

    private static string TargetOf(DoomedContainer doomed) => $"{doomed.Namespace}/{doomed.Pod}/{doomed.Container}";

    private static IEnumerable<DoomedContainer> RunningIn(ArmedFault armed, V1Pod pod)
    {
        if (!PodReadiness.IsScheduled(pod) || PodReadiness.IsTerminating(pod) || PodReadiness.IsTerminal(pod))
        {
            yield break;
        }

        foreach (var container in pod.Spec.Containers.Concat(pod.Spec.InitContainers ?? []))
        {
            if (armed.Selects(pod, container) && IsRunning(pod, container.Name))
            {
                yield return new DoomedContainer(pod.Metadata.NamespaceProperty, pod.Metadata.Name, pod.Metadata.Uid, pod.Spec.NodeName, container.Name);
            }
        }
    }

    private static bool IsRunning(V1Pod pod, string container) =>
        (pod.Status?.ContainerStatuses ?? []).Concat(pod.Status?.InitContainerStatuses ?? []).Any(status => status.Name == container && status.State?.Running is not null);

    private static DateTime? Earlier(DateTime? one, DateTime? other) => one is null || other < one ? other ?? one : one;
}
