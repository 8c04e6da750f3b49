namespace Orleans.StatefulSets.Resources.Columns;

/// <summary>Short ways to say a column, and the descriptions that many kinds share (ObjectMeta's SwaggerDoc).</summary>
internal static class Column
{
    private const string NameText = "Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client"
        + " to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration"
        + " definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names";

    private const string AgeText = "CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be"
        + " set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC."
        + "\n\nPopulated by the system. Read-only. Null for lists. More info:"
        + " https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";

    public static readonly TableColumn Name = new("Name", "string", "name", NameText, 0);
    public static readonly TableColumn Age = new("Age", "string", "", AgeText, 0);

    public static TableColumn Text(string name, string description) => new(name, "string", "", description, 0);

    public static TableColumn Wide(string name, string description) => new(name, "string", "", description, 1);

    /// <summary>A layout whose cells are those of one model type.</summary>
    public static TableLayout Layout<T>(IReadOnlyList<TableColumn> columns, Func<T, DateTime, object?[]> cells) =>
        new(columns, (model, now) => cells((T)model, now));
}
