using Microsoft.Extensions.Logging;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Storage;
using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Grains.Files;

/// <summary>
/// Deletes trees whose volume, node or pod is no more: whoever should have done so may have gone with a silo. Looked for after a start, and
/// when silos came or went, by the first of them; another one that does it too does no harm.
/// </summary>
internal sealed partial class FileSweep(IFileStore store, FileTrees trees, ReplicaSet replicas, ISiloStatusOracle silos, ILogger<FileSweep> logger)
{
    private const int Portion = 1000;

    private string swept = "";

    public async Task SweepAsync()
    {
        var active = silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Order().ToList();
        var now = string.Join(' ', active);
        if (now == swept || active.Count == 0 || !active[0].Equals(silos.SiloAddress))
        {
            return;
        }

        var after = "";
        while (await store.ListAsync(after, Portion, CancellationToken.None) is { Count: > 0 } portion)
        {
            await DeleteOrphansAsync(portion);
            after = portion[^1];
        }

        swept = now;
    }

    // The trees were listed first: whatever has one of them was committed before, and is in a copy that follows what is confirmed now.
    private async Task DeleteOrphansAsync(IReadOnlyList<string> portion)
    {
        if (!Orphans(portion).Any())
        {
            return;
        }

        await replicas.Objects.WaitForHeadAsync(CancellationToken.None);
        foreach (var tree in Orphans(portion).ToList())
        {
            try
            {
                await trees.DeleteAsync(tree);
                LogDeleted(tree);
            }
            catch (FileException failure)
            {
                LogFailed(failure, tree);
            }
        }
    }

    /// <summary>Trees of a kind that is known, of an owner that is not in the copy.</summary>
    private IEnumerable<string> Orphans(IReadOnlyList<string> portion)
    {
        var volumes = new Lazy<HashSet<string>>(() => UidsOf(ResourceKinds.PersistentVolumes));
        var pods = new Lazy<HashSet<string>>(() => UidsOf(ResourceKinds.Pods));
        return portion.Where(tree =>
            (TreeNames.VolumeOf(tree) is { } volume && !volumes.Value.Contains(volume))
            || (TreeNames.PodOf(tree) is { } pod && !pods.Value.Contains(pod))
            || (TreeNames.NodeOf(tree) is { } node && replicas.Find(ResourceKinds.Nodes.Key("", node)) is null));
    }

    private HashSet<string> UidsOf(ResourceKind kind) => [.. replicas.List(kind.Resource, null).Select(item => item.Uid)];

    [LoggerMessage(Level = LogLevel.Information, Message = "The files of {Tree} had no owner any more and were deleted")]
    private partial void LogDeleted(string tree);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The files of {Tree} have no owner any more and could not be deleted")]
    private partial void LogFailed(Exception failure, string tree);
}
