using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.StatefulSets.Grains.Time;
using Orleans.StatefulSets.Storage;
using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Grains.Files;

/// <inheritdoc cref="IFileTreeGrain"/>
/// <remarks>
/// The directory of grains may for a moment hold two activations of one tree. Only the one whose epoch stands in the store can write: the
/// other is fenced by its next flush, tells nobody that anything was committed, and goes.
/// </remarks>
[Reentrant]
[PreferLocalPlacement]
internal sealed partial class FileTreeGrain(
    IFileStore store, FileMemory memory, SimulatedTime clock, IOptions<FileTreeOptions> options, TimeProvider wall, ILogger<FileTreeGrain> logger)
    : Grain, IFileTreeGrain
{
    private const int MostBytes = 65_536;

    private readonly FileTreeOptions bounds = options.Value;
    private readonly CancellationTokenSource leaving = new();
    private TreeKeeper keeper = null!;
    private bool writesSoon;
    private bool troubled;
    private bool keepsNameless;

    private string Name => this.GetPrimaryKeyString();

    private IFileTree Files => keeper.Tree.Files;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // The tree is taken over by the first call that needs it, so that a storage that is away is an answer and no failed activation.
        keeper = new TreeKeeper(Name, store, bounds, memory, clock);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await leaving.CancelAsync();
        await WriteLastAsync(cancellationToken);
        keeper.Close();
        leaving.Dispose();
    }

    /// <inheritdoc/>
    public Task<TreeReply<FileNode>> Get(TreeCaller caller, long node) => RunAsync(caller, TreeNeeds.Nothing, () => Files.GetAsync(node));

    /// <inheritdoc/>
    public Task<TreeReply<FileNode>> LookUp(TreeCaller caller, long directory, string name) =>
        RunAsync(caller, TreeNeeds.Nothing, async () => (await Files.LookUpAsync(directory, name))!);

    /// <inheritdoc/>
    public Task<TreeReply<ListedNames>> List(TreeCaller caller, long directory, string after) => RunAsync(caller, TreeNeeds.Nothing, async () =>
    {
        var rest = (await Files.ListAsync(directory)).SkipWhile(entry => string.CompareOrdinal(entry.Name, after) <= 0).Take(bounds.ListedNames + 1).ToList();
        return new ListedNames([.. rest.Take(bounds.ListedNames)], IsLast: rest.Count <= bounds.ListedNames);
    });

    /// <inheritdoc/>
    public Task<TreeReply<FileNode>> Create(TreeCaller caller, long directory, string name, NewNode made) => RunAsync(caller, TreeNeeds.Room, () =>
    {
        FileNames.RequireName(name);
        FileNames.RequireTarget(made.Target);
        return Files.CreateAsync(directory, name, made);
    });

    /// <inheritdoc/>
    public Task<TreeReply<FileNode>> Link(TreeCaller caller, long node, long directory, string name) => RunAsync(caller, TreeNeeds.Room, () =>
    {
        FileNames.RequireName(name);
        return Files.LinkAsync(node, directory, name);
    });

    /// <inheritdoc/>
    public Task<TreeReply<bool>> Remove(TreeCaller caller, long directory, string name, bool isDirectory) =>
        RunAsync(caller, TreeNeeds.Writing, () => Done(Files.RemoveAsync(directory, name, isDirectory)));

    /// <inheritdoc/>
    public Task<TreeReply<bool>> Rename(TreeCaller caller, long directory, string name, long newDirectory, string newName) => RunAsync(caller, TreeNeeds.Writing, () =>
    {
        FileNames.RequireName(newName);
        return Done(Files.RenameAsync(directory, name, newDirectory, newName));
    });

    /// <inheritdoc/>
    public Task<TreeReply<FileNode>> Change(TreeCaller caller, long node, AttributeChange change) =>
        RunAsync(caller, TreeNeeds.Resizing(node, change.Size), () => Files.ChangeAsync(node, change));

    /// <inheritdoc/>
    public Task<TreeReply<ReadOnlyMemory<byte>>> Read(TreeCaller caller, long node, long offset, int count)
    {
        count = Math.Clamp(count, 0, MostBytes);
        return RunAsync(caller, TreeNeeds.Reading(node, offset, count), () => Files.ReadAsync(node, offset, count));
    }

    /// <inheritdoc/>
    public Task<TreeReply<long>> Write(TreeCaller caller, long node, long? offset, ReadOnlyMemory<byte> bytes) => bytes.Length > MostBytes || offset < 0
        ? Task.FromResult(new TreeReply<long> { Error = Errno.EINVAL })
        : RunAsync(caller, TreeNeeds.Adding(node, offset, bytes.Length), () => Files.WriteAsync(node, offset, bytes));

    /// <inheritdoc/>
    public Task<TreeReply<bool>> Hold(TreeCaller caller, long node) => RunAsync(caller, TreeNeeds.Nothing, async () =>
    {
        await Files.GetAsync(node);
        await Files.HoldAsync(node);
        keeper.Attachments.Hold(caller.Holder, node);
        return true;
    });

    /// <inheritdoc/>
    public Task<TreeReply<bool>> Release(TreeCaller caller, long node) => RunAsync(
        caller, TreeNeeds.Nothing, () => keeper.Attachments.Release(caller.Holder, node) ? Done(Files.ReleaseAsync(node)) : new(false));

    /// <inheritdoc/>
    public Task<TreeReply<TreeUsage>> Usage(TreeCaller caller) => RunAsync(caller, TreeNeeds.Nothing, () => Files.UsageAsync());

    private static ValueTask<bool> Done(ValueTask done)
    {
        done.GetAwaiter().GetResult();
        return new(true);
    }
}
