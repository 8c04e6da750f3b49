using System.Text.Json;
using System.Text.Json.Nodes;
using k8s.Models;
using Orleans.StatefulSets.Resources.Decoding;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.FieldManagement;

/// <summary>
/// Keeps <c>metadata.managedFields</c> over creates, updates and patches, so that server-side apply finds who owns what
/// (apimachinery's <c>util/managedfields</c>).
/// </summary>
public static class ManagedFields
{
    // What belongs to the server, never to a manager (stripmeta.go); times of deletion are set by deletes alone.
    private static readonly string[] ServersMetadata =
    [
        "name", "namespace", "creationTimestamp", "selfLink", "uid", "generation", "managedFields", "resourceVersion",
        "deletionTimestamp", "deletionGracePeriodSeconds",
    ];

    /// <summary>The model as it is to be stored, with the managed fields that the write leads to.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="before">The stored model, or null for a creation; it is not changed.</param>
    /// <param name="after">
    /// The model as written. Its managedFields are what the ownership starts from; an empty list, or a list of one empty entry, resets it.
    /// </param>
    /// <param name="manager">Who wrote.</param>
    /// <param name="subresource">"" or the subresource that was written.</param>
    /// <param name="now">The time of an entry that changes.</param>
    public static object AfterWrite(ResourceKind kind, object? before, object after, string manager, string subresource, DateTime now)
    {
        var metadata = ModelCopies.MetadataOf(after);
        var given = metadata.ManagedFields ?? (before is null ? null : ModelCopies.MetadataOf(before).ManagedFields);
        if (IsReset(given))
        {
            return ModelCopies.WithMetadata(after, metadata with { ManagedFields = null });
        }

        // An object that nobody tracks stays so: only its creation starts the tracking.
        if (before is not null && given is null)
        {
            return after;
        }

        var changes = FieldChanges.Between(Tracked(kind, before, subresource), Tracked(kind, after, subresource), ModelShape.Of(kind.ModelType));
        var managers = changes.IsEmpty && metadata.ManagedFields is not null
            ? metadata.ManagedFields
            : Merged(given ?? [], changes, new V1ManagedFieldsEntry
            {
                Manager = manager,
                Operation = "Update",
                ApiVersion = kind.ApiVersion,
                Subresource = subresource.Length == 0 ? null : subresource,
                Time = new DateTime(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc),
                FieldsType = "FieldsV1",
            });
        return ReferenceEquals(managers, metadata.ManagedFields)
            ? after
            : ModelCopies.WithMetadata(after, metadata with { ManagedFields = managers.Count == 0 ? null : managers });
    }

    private static bool IsReset(IList<V1ManagedFieldsEntry>? given) => given is { Count: 0 }
        || (given is [{ Manager: null, Operation: null, ApiVersion: null, FieldsV1: null, Subresource: null }]);

    private static List<V1ManagedFieldsEntry> Merged(IList<V1ManagedFieldsEntry> entries, FieldChanges changes, V1ManagedFieldsEntry writer)
    {
        var merged = new List<V1ManagedFieldsEntry>();
        var written = new FieldTree();
        var writerEntry = writer;
        foreach (var entry in entries)
        {
            // Fields that cannot be read say nothing; upstream drops the whole list then, here only the entry goes.
            if (FieldTree.Parse(entry.FieldsV1) is not { } fields)
            {
                continue;
            }

            fields.Cut(changes.Removed);
            if (IsSameManager(entry, writer))
            {
                written = fields;
                writerEntry = changes.Changed.IsEmpty ? entry : writer;
                continue;
            }

            fields.Subtract(changes.Changed);
            Keep(merged, entry, fields);
        }

        written.Add(changes.Changed);
        Keep(merged, writerEntry, written);
        return [.. merged
            .OrderBy(entry => entry.Operation, StringComparer.Ordinal)
            .ThenBy(entry => entry.Time)
            .ThenBy(entry => entry.Manager, StringComparer.Ordinal)
            .ThenBy(entry => entry.ApiVersion, StringComparer.Ordinal)
            .ThenBy(entry => entry.Subresource ?? "", StringComparer.Ordinal)];
    }

    private static void Keep(List<V1ManagedFieldsEntry> merged, V1ManagedFieldsEntry entry, FieldTree fields)
    {
        fields.Prune();
        if (!fields.IsEmpty)
        {
            merged.Add(entry with { FieldsV1 = JsonSerializer.SerializeToElement(fields.ToJson(), ObjectJson.Options) });
        }
    }

    private static bool IsSameManager(V1ManagedFieldsEntry left, V1ManagedFieldsEntry right) =>
        left.Manager == right.Manager && left.Operation == right.Operation && left.ApiVersion == right.ApiVersion
        && (left.Subresource ?? "") == (right.Subresource ?? "");

    // The status is not the main resource's to own, whatever a client sends there.
    private static JsonObject Tracked(ResourceKind kind, object? model, string subresource)
    {
        if (model is null)
        {
            return [];
        }

        var json = (JsonObject)JsonNode.Parse(ObjectJson.Encode(model))!;
        json.Remove("apiVersion");
        json.Remove("kind");
        if (json["metadata"] is JsonObject metadata)
        {
            foreach (var name in ServersMetadata)
            {
                metadata.Remove(name);
            }
        }

        if (kind.HasStatus && subresource != "status")
        {
            json.Remove("status");
        }

        return json;
    }
}
