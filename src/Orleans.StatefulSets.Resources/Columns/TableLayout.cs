namespace Orleans.StatefulSets.Resources.Columns;

/// <summary>How a kind is printed: its columns, and the cells of one object.</summary>
public sealed class TableLayout
{
    private readonly Func<object, DateTime, object?[]> cells;

    internal TableLayout(IReadOnlyList<TableColumn> columns, Func<object, DateTime, object?[]> cells)
    {
        Columns = columns;
        this.cells = cells;
    }

    /// <summary>The columns, wide ones (priority 1) included, in upstream's order.</summary>
    public IReadOnlyList<TableColumn> Columns { get; }

    /// <summary>One cell a column, each a string, an int, a long or a bool; ages are as of <paramref name="now"/>.</summary>
    public IReadOnlyList<object?> Cells(object model, DateTime now) => cells(model, now);
}
