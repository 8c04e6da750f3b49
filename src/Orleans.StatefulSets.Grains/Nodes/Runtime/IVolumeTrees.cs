using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Grains.Nodes.Runtime;
internal interface IVolumeTrees
{
    IFileTree Open(string key, long capacity, string holder, bool exclusive);

    Task DetachAsync(string key, string holder);
}
internal sealed class MemoryVolumeTrees(TimeProvider time) : IVolumeTrees
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, IFileTree> trees = new();

    public IFileTree Open(string key, long capacity, string holder, bool exclusive) => trees.GetOrAdd(key, _ => new MemoryTree(capacity, time));

    public Task DetachAsync(string key, string holder) => Task.CompletedTask;
}
