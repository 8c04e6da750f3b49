using k8s.Models;

namespace Orleans.StatefulSets.Resources.Columns;

/// <summary>printPodDisruptionBudget.</summary>
internal static class DisruptionBudgetColumns
{
    private const string NotApplicable = "N/A";

    public static readonly TableLayout Layout = Column.Layout<V1PodDisruptionBudget>(
        [
            Column.Name,
            Column.Text("Min Available", "The minimum number of pods that must be available."),
            Column.Text("Max Unavailable", "The maximum number of pods that may be unavailable."),
            new("Allowed Disruptions", "integer", "", "Calculated number of pods that may be disrupted at this time.", 0),
            Column.Age,
        ],
        static (budget, now) =>
        [
            budget.Metadata.Name,
            budget.Spec?.MinAvailable?.Value ?? NotApplicable,
            budget.Spec?.MaxUnavailable?.Value ?? NotApplicable,
            budget.Status?.DisruptionsAllowed ?? 0,
            HumanDuration.Since(budget.Metadata.CreationTimestamp, now),
        ]);
}
