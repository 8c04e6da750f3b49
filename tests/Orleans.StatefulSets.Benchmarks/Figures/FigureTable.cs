namespace Orleans.StatefulSets.Benchmarks.Figures;

/// <summary>The table, printed as the scenarios come to their end, so that what was measured is there if a later one fails.</summary>
internal sealed class FigureTable(TextWriter output)
{
    private static readonly int[] Widths = [8, 7, 15, 10, 6, 13, 13, 6, 12, 10];

    public void WriteHeader()
    {
        WriteRow("scenario", "storage", "figure", "unit", "median", "min–max", "control plane", "times", "ceiling", "of ceiling");
        WriteRow([.. Widths.Select(width => new string('-', width))]);
    }

    /// <summary>Writes the rows of one scenario.</summary>
    /// <param name="scenario">Its name.</param>
    /// <param name="storage"><c>sqlite</c> or <c>memory</c>.</param>
    /// <param name="runs">The figures of each run.</param>
    public void WriteRows(string scenario, string storage, IReadOnlyList<IReadOnlyList<Figure>> runs)
    {
        foreach (var same in runs.SelectMany(run => run).GroupBy(figure => (figure.Name, figure.Unit)))
        {
            var (name, unit) = same.Key;
            var values = same.Select(figure => figure.Value).Order().ToList();
            var median = Median(values);
            var measured = name.StartsWith(Figure.First, StringComparison.Ordinal) ? name[Figure.First.Length..] : name;
            var plane = Yardsticks.ControlPlane(scenario, measured);
            var ceiling = Yardsticks.Ceiling(scenario, storage, measured);
            WriteRow(
                scenario,
                storage,
                name,
                unit.Symbol,
                unit.Write(median),
                $"{unit.Write(values[0])}–{unit.Write(values[^1])}",
                plane?.Text ?? "",
                plane is null ? "" : FormattableString.Invariant($"{unit.Times(median, plane.Value):0.0}×"),
                ceiling?.Text ?? "",
                ceiling is null ? "" : FormattableString.Invariant($"{100 * unit.Times(median, ceiling.Value):0} %"));
        }
    }

    /// <param name="values">In order, at least one.</param>
    private static double Median(List<double> values) => (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;

    private void WriteRow(params IReadOnlyList<string> cells) =>
        output.WriteLine("| " + string.Join(" | ", cells.Select((cell, column) => cell.PadRight(Widths[column]))) + " |");
}
