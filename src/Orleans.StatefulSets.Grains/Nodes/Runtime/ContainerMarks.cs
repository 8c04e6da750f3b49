using System.Collections.Concurrent;
using System.Globalization;
using Orleans.StatefulSets.Grains.Files;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Grains.Nodes.Runtime;

/// <summary>
/// Which containers of a node have a layer that somebody changed. The layer lives in memory: where it is lost with the node's silo, the
/// container must start anew, as after a crash of the machine, rather than go on as if nothing had been written. The marks stand on the
/// node's own disk, where a kubelet keeps its pods.
/// </summary>
/// <param name="trees">The durable trees.</param>
/// <param name="nodeName">The node.</param>
/// <param name="diskBytes">Bytes of the node's disk.</param>
/// <param name="use">Which use of the disk it is: one that begins later, here or on another silo, ends it.</param>
internal sealed class ContainerMarks(FileTrees trees, string nodeName, long diskBytes, long use)
{
    private const string Folder = "/var/lib/kubelet/pods";
    private static readonly Caller Kubelet = new("/", Credentials.Root, 0x12);

    private readonly ConcurrentDictionary<(string Uid, string Container), int> marks = new();

    // What changes the disk goes one after another.
    private readonly SemaphoreSlim changing = new(1, 1);
    private bool isClosed;

    /// <summary>Reads what stands on the disk.</summary>
    public async Task LoadAsync()
    {
        if (!await trees.ExistsAsync(TreeNames.OfNode(nodeName)))
        {
            return;
        }

        var disk = Disk();
        foreach (var uid in await NamesAsync(disk, Folder))
        {
            foreach (var container in await NamesAsync(disk, $"{Folder}/{uid}/containers"))
            {
                var text = ByteText.FromBytes(await disk.ReadAllAsync(Kubelet, $"{Folder}/{uid}/containers/{container}", 64));
                if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var restarts))
                {
                    marks[(uid, container)] = restarts;
                }
            }
        }
    }

    /// <summary>Whether an instance's layer was changed.</summary>
    public bool Has(string uid, string container, int restarts) => marks.TryGetValue((uid, container), out var marked) && marked == restarts;

    /// <summary>Whether a pod has any.</summary>
    public bool HasAny(string uid) => !marks.IsEmpty && marks.Keys.Any(mark => mark.Uid == uid);

    /// <summary>An instance's layer was changed; returns when that is stored.</summary>
    /// <exception cref="FileException">It could not be stored; ESTALE: the node goes on elsewhere.</exception>
    public async Task AddAsync(string uid, string container, int restarts)
    {
        if (!Has(uid, container, restarts))
        {
            await ChangeAsync(disk => AddAsync(disk, uid, container, restarts));
        }
    }

    /// <summary>The pod is gone.</summary>
    /// <exception cref="FileException">The disk could not be changed; ESTALE: the node goes on elsewhere.</exception>
    public async Task RemoveAsync(string uid)
    {
        if (HasAny(uid))
        {
            await ChangeAsync(disk => RemoveAsync(disk, uid));
        }
    }

    /// <summary>The node goes on elsewhere, and its disk with it: nothing is changed on it any more when this returns.</summary>
    public async Task CloseAsync()
    {
        await changing.WaitAsync();
        isClosed = true;
        changing.Release();
    }

    private async Task ChangeAsync(Func<FileSystem, Task> change)
    {
        await changing.WaitAsync();
        try
        {
            await change(isClosed ? throw new FileException(Errno.ESTALE) : Disk());
        }
        finally
        {
            changing.Release();
        }
    }

    private async Task AddAsync(FileSystem disk, string uid, string container, int restarts)
    {
        var path = "";
        foreach (var name in $"{Folder}/{uid}/containers".Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            path += "/" + name;
            if (!await disk.AccessAsync(Kubelet, path, AccessMode.Exists))
            {
                await disk.MakeDirectoryAsync(Kubelet, path);
            }
        }

        await disk.WriteAllAsync(Kubelet, $"{path}/{container}", ByteText.ToBytes(restarts.ToString(CultureInfo.InvariantCulture)));
        await disk.FlushAsync();
        marks[(uid, container)] = restarts;
    }

    private async Task RemoveAsync(FileSystem disk, string uid)
    {
        foreach (var container in marks.Keys.Where(mark => mark.Uid == uid).Select(mark => mark.Container).ToList())
        {
            marks.TryRemove((uid, container), out _);
            await disk.RemoveFileAsync(Kubelet, $"{Folder}/{uid}/containers/{container}");
        }

        await disk.RemoveDirectoryAsync(Kubelet, $"{Folder}/{uid}/containers");
        await disk.RemoveDirectoryAsync(Kubelet, $"{Folder}/{uid}");
    }

    private FileSystem Disk() => new(trees.Open(TreeNames.OfNode(nodeName), diskBytes, $"kubelet@{nodeName}", exclusive: false, use));

    private static async Task<IReadOnlyList<string>> NamesAsync(FileSystem disk, string path)
    {
        try
        {
            return [.. (await disk.ListAsync(Kubelet, path)).Select(entry => entry.Name)];
        }
        catch (FileException failure) when (failure.Code == Errno.ENOENT)
        {
            return [];
        }
    }
}
