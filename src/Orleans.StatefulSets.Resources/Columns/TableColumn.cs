namespace Orleans.StatefulSets.Resources.Columns;

/// <summary>One column of a printed kind (meta/v1 TableColumnDefinition).</summary>
/// <param name="Name">The heading.</param>
/// <param name="Type">string, integer or boolean.</param>
/// <param name="Format">"name" for the object's name, else "".</param>
/// <param name="Description">What the column says.</param>
/// <param name="Priority">0, or 1 for a column of <c>-o wide</c> alone.</param>
public sealed record TableColumn(string Name, string Type, string Format, string Description, int Priority);
