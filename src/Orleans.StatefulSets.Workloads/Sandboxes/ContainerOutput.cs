using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Sandboxes;

/// <summary>What a container's first process writes: it goes to the log, and to whoever is attached.</summary>
/// <param name="log">The log.</param>
internal sealed class ContainerOutput(ContainerLog log)
{
    private readonly List<OutputQueue> attached = [];

    /// <summary>How many are attached.</summary>
    public int Attached => attached.Count;

    /// <summary>Somebody attaches: what is written from now on goes to the queue too.</summary>
    public void Attach(OutputQueue queue)
    {
        // It holds a writer's place, so that the queue ends when the container does.
        queue.Enter();
        attached.Add(queue);
    }

    /// <summary>Somebody who was attached went.</summary>
    public void Detach(OutputQueue queue) => attached.Remove(queue);

    /// <summary>The container is about to end: nobody who is attached holds it up any more.</summary>
    public void Release()
    {
        foreach (var queue in attached)
        {
            queue.Release();
        }
    }

    /// <summary>A descriptor's worth of one of its sides.</summary>
    public IOpenFile Open(bool isError) => new Side(this, isError);

    /// <summary>Takes what was written, waiting for those who are attached.</summary>
    public async ValueTask WriteAsync(bool isError, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        log.Append(isError, bytes.Span);
        foreach (var queue in attached.ToList())
        {
            try
            {
                await queue.WriteAsync(isError, bytes, cancellation);
            }
            catch (FileException)
            {
                // Who was attached went; the container does not notice.
                attached.Remove(queue);
            }
        }
    }

    /// <summary>The container ended.</summary>
    public void End()
    {
        log.Complete();
        foreach (var queue in attached)
        {
            queue.Leave();
        }

        attached.Clear();
    }

    private sealed class Side(ContainerOutput output, bool isError) : IOpenFile
    {
        public bool IsTerminal => false;

        public (IFileTree Tree, long Node)? File => null;

        public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation) => throw new FileException(Errno.EBADF);

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => output.WriteAsync(isError, bytes, cancellation);

        public void Share()
        {
            // The log outlives every descriptor.
        }

        public ValueTask CloseAsync() => ValueTask.CompletedTask;
    }
}
