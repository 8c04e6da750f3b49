using System.Globalization;
using k8s.Models;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Reconciliation.Disruption;

/// <summary>How many pods a budget expects, and how many of them are to be healthy (getExpectedPodCount of the disruption controller).</summary>
/// <param name="Expected">Of pods; what a percentage is of.</param>
/// <param name="DesiredHealthy">Of pods.</param>
/// <param name="Problem">Why they cannot be told; the two numbers then say nothing.</param>
internal readonly record struct ExpectedPods(int Expected, int DesiredHealthy, string? Problem)
{
    /// <param name="spec">The budget.</param>
    /// <param name="pods">The pods that it selects.</param>
    /// <param name="setOf">The StatefulSet of that name in the budget's namespace, or null.</param>
    public static ExpectedPods Of(V1PodDisruptionBudgetSpec spec, IReadOnlyCollection<BudgetedPod> pods, Func<string, V1StatefulSet?> setOf)
    {
        if (spec.MaxUnavailable is { } most)
        {
            var (scale, problem) = Scale(pods, setOf);
            return new ExpectedPods(scale, Math.Max(0, scale - Scaled(most, scale)), problem);
        }

        if (spec.MinAvailable is not { } least)
        {
            return default;
        }

        if (IsNumber(least, out var number))
        {
            return new ExpectedPods(pods.Count, number, null);
        }

        var (whole, why) = Scale(pods, setOf);
        return new ExpectedPods(whole, Scaled(least, whole), why);
    }

    /// <summary>The replicas that the controllers of the pods want, each controller once; pods without a controller count for nothing.</summary>
    private static (int Scale, string? Problem) Scale(IEnumerable<BudgetedPod> pods, Func<string, V1StatefulSet?> setOf)
    {
        Dictionary<string, int> scales = [];
        foreach (var pod in pods)
        {
            if (pod.Controller is not { } owner || scales.ContainsKey(owner.Uid))
            {
                continue;
            }

            if (IsStatefulSet(owner))
            {
                if (setOf(owner.Name) is not { } set || set.Metadata.Uid != owner.Uid)
                {
                    return (0, $"found no controllers for pod \"{pod.Name}\"");
                }

                scales[owner.Uid] = set.Spec.Replicas ?? 1;
            }
            else
            {
                return (0, WhyWithoutScale(owner));
            }
        }

        return (scales.Values.Sum(), null);
    }

    private static bool IsStatefulSet(V1OwnerReference owner) =>
        owner.Kind == ResourceKinds.StatefulSets.Kind && owner.ApiVersion.StartsWith("apps/", StringComparison.Ordinal);

    private static string WhyWithoutScale(V1OwnerReference owner) =>
        ResourceKinds.All.FirstOrDefault(kind => kind.Kind == owner.Kind && kind.ApiVersion == owner.ApiVersion) is { } served
            ? $"{served.Resource} does not implement the scale subresource"
            : $"no matches for kind \"{owner.Kind}\" in version \"{owner.ApiVersion}\"";

    // GetScaledValueFromIntOrPercent, rounding up: of 7 pods, 50 % are 4.
    private static int Scaled(IntOrString value, int total)
    {
        if (IsNumber(value, out var number))
        {
            return number;
        }

        var percentage = int.Parse(value.Value.AsSpan()[..^1], NumberStyles.None, CultureInfo.InvariantCulture);
        return (int)((((long)percentage * total) + 99) / 100);
    }

    private static bool IsNumber(IntOrString value, out int number) => int.TryParse(value.Value, CultureInfo.InvariantCulture, out number);
}
