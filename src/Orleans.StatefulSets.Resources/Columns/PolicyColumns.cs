using k8s.Models;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Resources.Columns;

/// <summary>printPriorityClass, printLease, printPodTemplate and printLimitRange.</summary>
internal static class PolicyColumns
{
    public static readonly TableLayout PriorityClasses = Column.Layout<V1PriorityClass>(
        [
            Column.Name,
            new("Value", "integer", "", "value represents the integer value of this priority class. This is the actual priority that pods receive when they have the name of this class in their pod spec.", 0),
            new("Global-Default", "boolean", "", "globalDefault specifies whether this PriorityClass should be considered as the default priority for pods that do not have any priority class. Only one PriorityClass can be marked as `globalDefault`. However, if more than one PriorityClasses exists with their `globalDefault` field set to true, the smallest value of such global default PriorityClasses will be used as the default priority.", 0),
            Column.Age,
            Column.Text("PreemptionPolicy", "preemptionPolicy is the Policy for preempting pods with lower priority. One of Never, PreemptLowerPriority. Defaults to PreemptLowerPriority if unset."),
        ],
        static (model, now) =>
        [
            model.Metadata.Name,
            model.Value,
            model.GlobalDefault == true,
            HumanDuration.Since(model.Metadata.CreationTimestamp, now),
            model.PreemptionPolicy ?? "",
        ]);

    public static readonly TableLayout Leases = Column.Layout<V1Lease>(
        [
            Column.Name,
            Column.Text("Holder", "holderIdentity contains the identity of the holder of a current lease. If Coordinated Leader Election is used, the holder identity must be equal to the elected LeaseCandidate.metadata.name field."),
            Column.Age,
        ],
        static (model, now) => [model.Metadata.Name, model.Spec?.HolderIdentity ?? "", HumanDuration.Since(model.Metadata.CreationTimestamp, now)]);

    public static readonly TableLayout PodTemplates = Column.Layout<V1PodTemplate>(
        [
            Column.Name,
            Column.Text("Containers", "Names of each container in the template."),
            Column.Text("Images", "Images referenced by each container in the template."),
            Column.Text("Pod Labels", "The labels for the pod template."),
        ],
        static (model, _) =>
        [
            model.Metadata.Name,
            string.Join(',', model.Template?.Spec?.Containers?.Select(container => container.Name) ?? []),
            string.Join(',', model.Template?.Spec?.Containers?.Select(container => container.Image) ?? []),
            Labels(model.Template?.Metadata?.Labels),
        ]);

    public static readonly TableLayout LimitRanges = Column.Layout<V1LimitRange>(
        [Column.Name, new("Created At", "string", "", Column.Age.Description, 0)],
        static (model, _) => [model.Metadata.Name, model.Metadata.CreationTimestamp is { } time ? TimeText.Seconds(time) : ""]);

    private static string Labels(IDictionary<string, string>? labels) => labels is not { Count: > 0 }
        ? "<none>"
        : string.Join(',', labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"));
}
