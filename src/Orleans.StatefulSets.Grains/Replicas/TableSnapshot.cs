using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Replicas;

/// <summary>A table at a version.</summary>
internal sealed class TableSnapshot(ObjectTable table, long resourceVersion) : ReplicaSnapshot
{
    public ObjectTable Table => table;

    /// <inheritdoc/>
    public override long ResourceVersion => resourceVersion;

    /// <inheritdoc/>
    public override int Count(string? @namespace) => @namespace is null ? table.Count : table.CountIn(@namespace);

    /// <inheritdoc/>
    public override IEnumerable<StoredObject> List(string? @namespace, string after = "")
    {
        var slash = after.IndexOf('/');
        var (fromNamespace, fromName) = slash >= 0 ? (after[..slash], after[(slash + 1)..]) : (@namespace ?? "", "");
        foreach (var item in table.After(fromNamespace, fromName))
        {
            if (@namespace is not null && item.Key.Namespace != @namespace)
            {
                yield break;
            }

            yield return item;
        }
    }
}
