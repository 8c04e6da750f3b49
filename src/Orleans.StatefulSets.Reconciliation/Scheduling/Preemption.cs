using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>A node that would do without some of its pods.</summary>
/// <param name="Room">The node.</param>
/// <param name="Victims">Who would go.</param>
/// <param name="Violations">How many of them go against a budget.</param>
internal sealed record PreemptionCandidate(NodeRoom Room, IReadOnlyList<PodTraits> Victims, int Violations);

/// <summary>What preemption found: a candidate, or the words that say why there is none.</summary>
internal sealed record PreemptionResult(PreemptionCandidate? Candidate, string Message)
{
    /// <summary>The pod was not allowed to preempt: what it was nominated to stays.</summary>
    public bool IsIneligible { get; init; }
}

/// <summary>The DefaultPreemption plugin (<c>plugins/defaultpreemption</c>, <c>framework/preemption</c>).</summary>
internal static class Preemption
{
    // MinCandidateNodesAbsolute and MinCandidateNodesPercentage of DefaultPreemptionArgs.
    private const int EnoughCandidates = 100;
    private const int EnoughPercent = 10;

    private const string NoVictims = "No preemption victims found for incoming pod";

    /// <param name="cycle">The pod's turn.</param>
    /// <param name="refusals">Every node, and why it won't do.</param>
    /// <param name="nominatedNode">The node that was freed for the pod before, or null.</param>
    /// <param name="budgets">All budgets of the cluster; asked for only where there are victims.</param>
    public static PreemptionResult Find(
        SchedulingCycle cycle, IReadOnlyList<(NodeRoom Room, NodeRefusal Refusal)> refusals, string? nominatedNode, Func<IEnumerable<V1PodDisruptionBudget>> budgets)
    {
        if (Ineligible(cycle, refusals, nominatedNode) is { } reason)
        {
            return new PreemptionResult(null, reason) { IsIneligible = true };
        }

        var helpful = refusals.Where(pair => !pair.Refusal.IsLasting).ToList();
        List<PreemptionCandidate> candidates = [];
        List<string> reasons = [.. Enumerable.Repeat("Preemption is not helpful for scheduling", refusals.Count - helpful.Count)];
        var enough = Math.Max(EnoughCandidates, helpful.Count * EnoughPercent / 100);
        var hasVictims = cycle.Cluster.HasLowerThan(cycle.Traits.Priority);
        var guards = new PreemptionBudgets(hasVictims ? budgets() : []);
        foreach (var (room, _) in helpful)
        {
            var refusal = hasVictims ? Try(cycle, room, guards, candidates) : [NoVictims];
            reasons.AddRange(refusal);
            if (candidates.Count >= enough)
            {
                break;
            }
        }

        return candidates.Count > 0
            ? new PreemptionResult(Best(candidates), "")
            : new PreemptionResult(null, SchedulingTexts.Histogram(refusals.Count, reasons));
    }

    /// <summary>PodEligibleToPreemptOthers.</summary>
    private static string? Ineligible(SchedulingCycle cycle, IReadOnlyList<(NodeRoom Room, NodeRefusal Refusal)> refusals, string? nominatedNode)
    {
        if (cycle.Pod.Spec.PreemptionPolicy == "Never")
        {
            return "not eligible due to preemptionPolicy=Never.";
        }

        if (nominatedNode is null)
        {
            return null;
        }

        var (room, refusal) = refusals.FirstOrDefault(pair => pair.Room.Name == nominatedNode);
        return room is not null && !refusal.IsLasting && room.All.Any(other => other.IsPreempted && other.Priority < cycle.Traits.Priority)
            ? "not eligible due to a terminating pod on the nominated node."
            : null;
    }

    /// <summary>
    /// SelectVictimsOnNode: all lower ones away; if the pod fits then, they come back one by one as long as it still fits: first those
    /// whose going would violate a budget, and among each the most important first.
    /// </summary>
    /// <returns>Why this node won't do even then; nothing where it became a candidate.</returns>
    private static IReadOnlyList<string> Try(SchedulingCycle cycle, NodeRoom room, PreemptionBudgets budgets, List<PreemptionCandidate> candidates)
    {
        var lower = room.All.Where(other => other.Priority < cycle.Traits.Priority)
            .OrderByDescending(other => other.Priority).ThenBy(other => other.StartTime).ThenBy(other => other.Key).ToList();
        if (lower.Count == 0)
        {
            return [NoVictims];
        }

        lower.ForEach(other => cycle.Remove(room, other));
        List<PodTraits> victims = [];
        var refusal = cycle.Refuse(room);
        var violated = budgets.Violated(lower);
        foreach (var other in lower.OrderByDescending(violated.Contains))
        {
            cycle.Add(room, other);
            if (refusal is null && cycle.Refuse(room) is not null)
            {
                cycle.Remove(room, other);
                victims.Add(other);
            }
        }

        victims.ForEach(victim => cycle.Add(room, victim));
        if (refusal is not null)
        {
            return refusal.Reasons;
        }

        candidates.Add(new PreemptionCandidate(room, victims, victims.Count(violated.Contains)));
        return [];
    }

    /// <summary>
    /// pickOneNodeForPreemption: the fewest violations of budgets, then the least important of the most important victims, then the smallest sum of priorities, the fewest
    /// victims, the latest start of the most important ones; then the first.
    /// </summary>
    private static PreemptionCandidate Best(List<PreemptionCandidate> candidates) => candidates
        .OrderBy(candidate => candidate.Violations)
        .ThenBy(candidate => candidate.Victims.Max(victim => victim.Priority))
        .ThenBy(candidate => candidate.Victims.Sum(victim => victim.Priority + (long)int.MaxValue + 1))
        .ThenBy(candidate => candidate.Victims.Count)
        .ThenByDescending(candidate => candidate.Victims.Where(victim => victim.Priority == candidate.Victims.Max(other => other.Priority)).Min(victim => victim.StartTime))
        .First();
}
