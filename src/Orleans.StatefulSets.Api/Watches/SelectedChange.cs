using Orleans.StatefulSets.Api.Requests;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Api.Watches;

/// <summary>A change as one watch sees it.</summary>
/// <param name="Type">ADDED, MODIFIED or DELETED.</param>
/// <param name="Object">The object that the event carries.</param>
internal readonly record struct SelectedChange(string Type, StoredObject Object)
{
    /// <summary>
    /// What a change means behind a selector (the watch cache's <c>convertToWatchEvent</c>): an object that comes to match appears,
    /// one that no longer matches goes, with its last matching state at the version of the change. Null: it does not concern the watch.
    /// </summary>
    public static SelectedChange? Of(ObjectChange change, Selection selection)
    {
        if (selection.IsEmpty)
        {
            return new SelectedChange(NameOf(change.Type), Shown(change));
        }

        var before = change.Previous ?? (change.Type == ChangeType.Deleted ? change.Object : null);
        var matched = before is not null && selection.Matches(before);
        var matches = change.Type != ChangeType.Deleted && selection.Matches(change.Object);
        return (matched, matches) switch
        {
            (true, true) => new SelectedChange("MODIFIED", change.Object),
            (false, true) => new SelectedChange("ADDED", change.Object),
            (true, false) => new SelectedChange("DELETED", AtVersion(before!, change.Object)),
            _ => null,
        };
    }

    // etcd tells of a deletion with the value that it held: what goes by losing its last finalizer is shown with it.
    private static StoredObject Shown(ObjectChange change) =>
        change is { Type: ChangeType.Deleted, Previous: { } last } ? AtVersion(last, change.Object) : change.Object;

    private static StoredObject AtVersion(StoredObject state, StoredObject of) => new(state.Key, state.Uid, of.ResourceVersion, state.Payload);

    private static string NameOf(ChangeType type) => type switch
    {
        ChangeType.Added => "ADDED",
        ChangeType.Modified => "MODIFIED",
        _ => "DELETED",
    };
}
