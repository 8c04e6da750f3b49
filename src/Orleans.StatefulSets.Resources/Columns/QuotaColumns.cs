using k8s.Models;

namespace Orleans.StatefulSets.Resources.Columns;

/// <summary>printResourceQuota; since 1.33 the age stands last.</summary>
internal static class QuotaColumns
{
    public static readonly TableLayout Layout = Column.Layout<V1ResourceQuota>(
        [
            Column.Name,
            Column.Text("Request", "Request represents a minimum amount of cpu/memory that a container may consume."),
            Column.Text("Limit", "Limits control the maximum amount of cpu/memory that a container may use independent of contention on the node."),
            Column.Age,
        ],
        static (model, now) =>
        [
            model.Metadata.Name,
            Cell(model.Status, limits: false),
            Cell(model.Status, limits: true),
            HumanDuration.Since(model.Metadata.CreationTimestamp, now),
        ]);

    private static string Cell(V1ResourceQuotaStatus? status, bool limits) => string.Join(
        ", ",
        (status?.Hard ?? new Dictionary<string, ResourceQuantity>())
            .Where(hard => hard.Key.StartsWith("limits.", StringComparison.Ordinal) == limits)
            .OrderBy(hard => hard.Key, StringComparer.Ordinal)
            .Select(hard => $"{hard.Key}: {(status!.Used?.TryGetValue(hard.Key, out var used) == true ? used : "0")}/{hard.Value}"));
}
