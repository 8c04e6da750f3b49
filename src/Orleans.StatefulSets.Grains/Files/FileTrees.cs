using System.Globalization;
using Microsoft.Extensions.Options;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Storage;
using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Grains.Files;

/// <summary>The durable trees of the cluster, from this silo.</summary>
internal sealed class FileTrees(TypedGrainFactory grains, IFileStore store, ILocalSiloDetails silo, IOptions<FileTreeOptions> options, TimeProvider wall)
{
    private readonly string origin = silo.SiloAddress.ToParsableString();

    /// <summary>A tree for somebody who uses it. Nothing happens until its first call, which attaches it.</summary>
    /// <param name="key">The tree's name (<see cref="TreeNames"/>).</param>
    /// <param name="capacityBytes">Bytes that fit: beyond, ENOSPC. A tree that had less grows.</param>
    /// <param name="holder">Who uses it: the pod's uid, <c>@</c>, and the node. Opened twice for one holder, both may be used.</param>
    /// <param name="exclusive">
    /// ReadWriteOnce and ReadWriteOncePod: from the first call on, holders of other nodes get ESTALE, whatever they ask. Otherwise all that
    /// are attached may use it.
    /// </param>
    /// <param name="use">Which use of this silo's it is: one that begins anew ends the one before.</param>
    public IFileTree Open(string key, long capacityBytes, string holder, bool exclusive, long use = 0) =>
        new RemoteTree(grains.Get<IFileTreeGrain>(key), new AttachRequest(holder, OriginOf(use), exclusive, capacityBytes), options.Value, wall);

    /// <summary>
    /// Ends a holder's use of a tree: what it has open is let go, its calls are ESTALE. What was written is committed by then. A later use by
    /// the same holder, here or on another silo, goes on.
    /// </summary>
    /// <exception cref="FileException">EIO, ENOSPC: what was written could not be committed yet; it is tried again.</exception>
    public async Task DetachAsync(string key, string holder, long use = 0)
    {
        if (await ExistsAsync(key))
        {
            await TreeCalls.AskAsync(() => grains.Get<IFileTreeGrain>(key).DetachOrigin(holder, OriginOf(use)), mayRepeat: true, options.Value, wall);
        }
    }

    /// <summary>Deletes a tree with all its files; that there is none is no error.</summary>
    /// <exception cref="FileException">EIO: the storage failed. What is left is found by the next sweep.</exception>
    public async Task DeleteAsync(string key)
    {
        // Most volumes never had a file: to look costs less than a grain.
        if (await ExistsAsync(key))
        {
            await TreeCalls.AskAsync(() => grains.Get<IFileTreeGrain>(key).Delete(), mayRepeat: true, options.Value, wall);
        }
    }

    private string OriginOf(long use) => use == 0 ? origin : string.Create(CultureInfo.InvariantCulture, $"{origin}/{use}");

    /// <summary>Whether a tree is stored.</summary>
    /// <exception cref="FileException">EIO: the storage failed.</exception>
    public async Task<bool> ExistsAsync(string key)
    {
        try
        {
            return await store.ExistsAsync(key, CancellationToken.None);
        }
        catch (JournalStorageException failure)
        {
            throw new FileException(StorageErrno.Of(failure));
        }
    }
}
