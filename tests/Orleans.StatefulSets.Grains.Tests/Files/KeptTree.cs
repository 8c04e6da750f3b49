using Orleans.StatefulSets.Grains.Files;
using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Grains.Tests.Files;

/// <summary>A tree as its grain serves it, without the grain; what keeps it can be put in another's place, as after the loss of a silo.</summary>
internal sealed class KeptTree(TreeKeeper keeper) : IFileTree
{
    public TreeKeeper Keeper { get; set; } = keeper;

    /// <summary>Whether a flush that failed is repeated before a call that would be refused for it.</summary>
    public bool FlushesAgain { get; set; }

    public long Root => Files.Root;

    private IFileTree Files => Keeper.Tree.Files;

    public ValueTask<FileNode> GetAsync(long node) => Files.GetAsync(node);

    public ValueTask<FileNode?> LookUpAsync(long directory, string name) => Files.LookUpAsync(directory, name);

    public ValueTask<IReadOnlyList<DirectoryEntry>> ListAsync(long directory) => Files.ListAsync(directory);

    public ValueTask<FileNode> CreateAsync(long directory, string name, NewNode made) => RunAsync(TreeNeeds.Room, () => Files.CreateAsync(directory, name, made));

    public ValueTask<FileNode> LinkAsync(long node, long directory, string name) => RunAsync(TreeNeeds.Room, () => Files.LinkAsync(node, directory, name));

    public async ValueTask RemoveAsync(long directory, string name, bool isDirectory) =>
        await RunAsync(TreeNeeds.Writing, () => Done(Files.RemoveAsync(directory, name, isDirectory)));

    public async ValueTask RenameAsync(long directory, string name, long newDirectory, string newName) =>
        await RunAsync(TreeNeeds.Writing, () => Done(Files.RenameAsync(directory, name, newDirectory, newName)));

    public ValueTask<FileNode> ChangeAsync(long node, AttributeChange change) => RunAsync(TreeNeeds.Resizing(node, change.Size), () => Files.ChangeAsync(node, change));

    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(long node, long offset, int count) => RunAsync(TreeNeeds.Reading(node, offset, count), () => Files.ReadAsync(node, offset, count));

    public ValueTask<long> WriteAsync(long node, long? offset, ReadOnlyMemory<byte> bytes) =>
        RunAsync(TreeNeeds.Adding(node, offset, bytes.Length), () => Files.WriteAsync(node, offset, bytes));

    public ValueTask HoldAsync(long node) => Files.HoldAsync(node);

    public ValueTask ReleaseAsync(long node) => Files.ReleaseAsync(node);

    public async ValueTask FlushAsync()
    {
        if (await Keeper.FlushAsync() is { } failure)
        {
            throw new FileException(failure);
        }
    }

    public ValueTask<TreeUsage> UsageAsync() => Files.UsageAsync();

    private async ValueTask<T> RunAsync<T>(TreeNeeds needs, Func<ValueTask<T>> work)
    {
        while (await FlushedAgainAsync() || await Keeper.MakeReadyAsync(needs))
        {
        }

        return await work();
    }

    private async ValueTask<bool> FlushedAgainAsync()
    {
        if (!FlushesAgain || Keeper.Failing is null)
        {
            return false;
        }

        await Keeper.FlushAsync();
        return true;
    }

    private static async ValueTask<bool> Done(ValueTask done)
    {
        await done;
        return true;
    }
}
