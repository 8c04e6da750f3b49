using k8s.Models;

namespace Orleans.StatefulSets.Resources.Columns;

/// <summary>printNamespace, printSecret, printConfigMap and printServiceAccount.</summary>
internal static class ConfigurationColumns
{
    public static readonly TableLayout Namespaces = Column.Layout<V1Namespace>(
        [Column.Name, Column.Text("Status", "The status of the namespace"), Column.Age],
        static (model, now) => [model.Metadata.Name, model.Status?.Phase ?? "", HumanDuration.Since(model.Metadata.CreationTimestamp, now)]);

    public static readonly TableLayout Secrets = Column.Layout<V1Secret>(
        [
            Column.Name,
            Column.Text("Type", "Used to facilitate programmatic handling of secret data. More info: https://kubernetes.io/docs/concepts/configuration/secret/#secret-types"),
            Column.Text("Data", "Data contains the secret data. Each key must consist of alphanumeric characters, '-', '_' or '.'."),
            Column.Age,
        ],
        static (model, now) =>
        [
            model.Metadata.Name,
            model.Type ?? "",
            (long)(model.Data?.Count ?? 0),
            HumanDuration.Since(model.Metadata.CreationTimestamp, now),
        ]);

    public static readonly TableLayout ConfigMaps = Column.Layout<V1ConfigMap>(
        [
            Column.Name,
            Column.Text("Data", "Data contains the configuration data. Each key must consist of alphanumeric characters, '-', '_' or '.'."),
            Column.Age,
        ],
        static (model, now) =>
        [
            model.Metadata.Name,
            (long)((model.Data?.Count ?? 0) + (model.BinaryData?.Count ?? 0)),
            HumanDuration.Since(model.Metadata.CreationTimestamp, now),
        ]);

    public static readonly TableLayout ServiceAccounts = Column.Layout<V1ServiceAccount>(
        [
            Column.Name,
            Column.Text("Secrets", "Secrets is a list of the secrets in the same namespace that pods running using this ServiceAccount are allowed to use."),
            Column.Age,
        ],
        static (model, now) =>
        [
            model.Metadata.Name,
            (long)(model.Secrets?.Count ?? 0),
            HumanDuration.Since(model.Metadata.CreationTimestamp, now),
        ]);
}
