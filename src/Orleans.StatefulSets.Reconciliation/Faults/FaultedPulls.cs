using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Pods;

namespace Orleans.StatefulSets.Reconciliation.Faults;

/// <summary>Which pulls of a pod's images fail because of a fault.</summary>
public static class FaultedPulls
{
    private static readonly IReadOnlyDictionary<string, ArmedFault> None = new Dictionary<string, ArmedFault>();

    /// <summary>The faults by container. Each container's tries are counted for themselves: whether one fails is the same however often it is asked.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="faults">The faults that fail pulls, by name.</param>
    /// <param name="tries">The tries of its containers that failed.</param>
    /// <param name="isPulled">Whether a container's start needs its image from elsewhere.</param>
    /// <param name="now">The simulated time.</param>
    public static IReadOnlyDictionary<string, ArmedFault> Of(
        V1Pod pod, IEnumerable<ArmedFault> faults, IReadOnlyDictionary<string, PullTries> tries, Func<V1Container, bool> isPulled, DateTime now)
    {
        Dictionary<string, ArmedFault>? failing = null;
        foreach (var fault in faults)
        {
            foreach (var container in Containers(pod))
            {
                var before = tries.GetValueOrDefault(container.Name);
                if (failing?.ContainsKey(container.Name) != true && (before is null || now >= before.NextAt) && fault.Selects(pod, container) && isPulled(container)
                    && fault.Strikes($"{pod.Metadata.NamespaceProperty}/{pod.Metadata.Name}/{container.Name}", before?.Count ?? 0))
                {
                    (failing ??= [])[container.Name] = fault;
                }
            }
        }

        return failing ?? None;
    }

    /// <summary>
    /// What keeps containers from starting: what was wrong before anyway, what a fault does to them now, and what one did to them until
    /// their next try, whether or not it is still there.
    /// </summary>
    /// <param name="known">What is wrong anyway.</param>
    /// <param name="failing">The faults by container.</param>
    /// <param name="tries">The tries that failed.</param>
    /// <param name="problemOf">A fault's failure in a kubelet's words.</param>
    /// <param name="now">The simulated time.</param>
    public static IReadOnlyDictionary<string, ImageProblem> Problems(
        IReadOnlyDictionary<string, ImageProblem> known,
        IReadOnlyDictionary<string, ArmedFault> failing,
        IReadOnlyDictionary<string, PullTries> tries,
        Func<string, ImageProblem?> problemOf,
        DateTime now)
    {
        if (failing.Count == 0 && tries.Count == 0)
        {
            return known;
        }

        var problems = new Dictionary<string, ImageProblem>(known, StringComparer.Ordinal);
        foreach (var (container, before) in tries)
        {
            if (before.Problem is { } problem && now < before.NextAt)
            {
                problems.TryAdd(container, problem);
            }
        }

        foreach (var container in failing.Keys)
        {
            if (problemOf(container) is { } problem)
            {
                problems.TryAdd(container, problem);
            }
        }

        return problems;
    }

    private static IEnumerable<V1Container> Containers(V1Pod pod) => (pod.Spec.InitContainers ?? []).Concat(pod.Spec.Containers);
}
