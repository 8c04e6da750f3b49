using k8s.Models;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Cluster;

/// <summary>
/// Where the simulated time of a cluster begins that was imported before it was first started: its objects may come from one whose time
/// ran faster than the wall clock, and nothing may have been made in the future.
/// </summary>
internal sealed class ImportedTime(ReplicaSet replicas)
{
    /// <summary>The moment, or the newest at which something was made or written if that is later, UTC.</summary>
    public async Task<DateTime> NotBeforeAsync(DateTime moment, CancellationToken cancellation)
    {
        await replicas.Loaded.WaitAsync(cancellation);
        var newest = ResourceKinds.All.SelectMany(kind => replicas.List(kind.Resource, null)).Max(LastWritten);
        return newest > moment ? newest.Value : moment;
    }

    private static DateTime? LastWritten(StoredObject item)
    {
        var metadata = item.Metadata;
        var told = (metadata.ManagedFields ?? []).Select(entry => entry.Time).Append(metadata.CreationTimestamp).Max();
        return item.Kind == ResourceKinds.Events && item.As<Corev1Event>().LastTimestamp is { } last && (told is null || last > told) ? last : told;
    }
}
