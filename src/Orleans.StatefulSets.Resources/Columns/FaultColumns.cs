using Orleans.StatefulSets.Resources.Faults;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Resources.Columns;

/// <summary>The columns of the emulator's own kind.</summary>
internal static class FaultColumns
{
    private const string None = "<none>";

    public static readonly TableLayout Layout = Column.Layout<V1alpha1Fault>(
        [
            Column.Name,
            Column.Text("Action", "What goes wrong."),
            new("Injections", "integer", "", "How often it has happened: nodes hit, containers killed, tries that failed, requests refused or delayed.", 0),
            Column.Text("Phase", "Whether it is yet to begin, happens, or is over."),
            Column.Age,
            Column.Wide("Nodes", "The nodes that were chosen when it began."),
            Column.Wide("Started", "When it began, in simulated time."),
            Column.Wide("Ends", "When it ends, in simulated time."),
        ],
        static (fault, now) =>
        [
            fault.Metadata.Name,
            fault.Spec.Action ?? "",
            fault.Status?.Injections ?? 0,
            fault.Metadata.DeletionTimestamp is null ? fault.Status?.Phase ?? FaultPhases.Pending : "Terminating",
            HumanDuration.Since(fault.Metadata.CreationTimestamp, now),
            fault.Status?.Nodes is { Count: > 0 } nodes ? string.Join(',', nodes.Select(node => node.Name)) : None,
            Time(fault.Status?.StartedAt),
            Time(fault.Status?.EndsAt),
        ]);

    private static string Time(DateTime? time) => time is { } moment ? TimeText.Seconds(moment) : None;
}
