using System.Globalization;
using k8s.Models;

namespace Orleans.StatefulSets.Resources.Columns;

/// <summary>printEvent.</summary>
internal static class EventColumns
{
    private const string Unknown = "<unknown>";

    public static readonly TableLayout Layout = Column.Layout<Corev1Event>(
        [
            Column.Text("Last Seen", "The time at which the most recent occurrence of this event was recorded."),
            Column.Text("Type", "Type of this event (Normal, Warning), new types could be added in the future"),
            Column.Text("Reason", "This should be a short, machine understandable string that gives the reason for the transition into the object's current status."),
            Column.Text("Object", "The object that this event is about."),
            Column.Wide("Subobject", "If referring to a piece of an object instead of an entire object, this string should contain a valid JSON/Go field access statement."),
            Column.Wide("Source", "The component reporting this event. Should be a short machine understandable string."),
            Column.Text("Message", "A human-readable description of the status of this operation."),
            Column.Wide("First Seen", "The time at which the event was first recorded. (Time of server receipt is in TypeMeta.)"),
            Column.Wide("Count", "The number of times this event has occurred."),
            new TableColumn("Name", "string", "name", Column.Name.Description, 1),
        ],
        Cells);

    private static object?[] Cells(Corev1Event model, DateTime now)
    {
        var first = model.FirstTimestamp ?? model.EventTime;
        var last = model.Series?.LastObservedTime ?? model.LastTimestamp ?? first;
        var count = model.Series?.Count ?? model.Count ?? 0;
        return
        [
            HumanDuration.Since(last, now),
            model.Type ?? "",
            model.Reason ?? "",
            Target(model.InvolvedObject),
            model.InvolvedObject?.FieldPath ?? "",
            Source(model),
            model.Message?.Trim() ?? "",
            first is null ? Unknown : HumanDuration.Since(first, now),
            (count == 0 ? 1 : count).ToString(CultureInfo.InvariantCulture),
            model.Metadata.Name,
        ];
    }

    private static string Target(V1ObjectReference? involved)
    {
        var kind = involved?.Kind?.ToLowerInvariant() ?? "";
        return string.IsNullOrEmpty(involved?.Name) ? kind : $"{kind}/{involved.Name}";
    }

    // "kubelet, node-1"; what reports through the newer fields has no source.
    private static string Source(Corev1Event model)
    {
        var component = string.IsNullOrEmpty(model.Source?.Component) ? model.ReportingComponent : model.Source.Component;
        var host = string.IsNullOrEmpty(model.Source?.Host) ? model.ReportingInstance : model.Source.Host;
        return string.IsNullOrEmpty(host) ? component ?? "" : $"{component}, {host}";
    }
}
