using System.Net;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Programs.Servers;

/// <summary>The connections that a process serves, each for itself, at most so many at once.</summary>
/// <param name="process">Whose descriptors they are.</param>
/// <param name="most">Most at once; the process's descriptors are another bound.</param>
internal sealed class Connections(Process process, int most) : IDisposable
{
    private readonly CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(process.Killed);
    private readonly CancellationTokenSource draining = new();
    private readonly HashSet<Task> serving = [];
    private readonly TaskCompletionSource broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long accepted;

    /// <summary>How many there are.</summary>
    public int Count => serving.Count;

    /// <summary>How many there were since the process began.</summary>
    public long Accepted => accepted;

    /// <summary>Whom they belong to.</summary>
    public Process Process => process;

    /// <summary>Fails when serving one failed in a way that no client can cause.</summary>
    public Task Broken => broken.Task;

    /// <summary>Serves a connection from now on, beside the others.</summary>
    /// <returns>False where there are too many: the connection is the caller's to close.</returns>
    public bool TryServe(IOpenFile file, IPEndPoint from, int port, Func<TcpCaller, ValueTask> serve)
    {
        if (serving.Count >= most || draining.IsCancellationRequested || ended.IsCancellationRequested)
        {
            return false;
        }

        int descriptor;
        try
        {
            descriptor = process.Files.Add(file);
        }
        catch (FileException)
        {
            return false;
        }

        var caller = new TcpCaller { File = file, From = from, Port = port, Number = ++accepted, Ended = ended.Token, Draining = draining.Token };
        var task = ServeAsync(caller, descriptor, serve);
        if (!task.IsCompleted)
        {
            serving.Add(task);
            _ = ForgetAsync(task);
        }

        return true;
    }

    /// <summary>What was begun is finished, connections without a request close, nothing new is taken.</summary>
    public async Task DrainAsync()
    {
        await draining.CancelAsync();
        await Task.WhenAll(serving.ToList()).WaitAsync(process.Killed);
    }

    /// <summary>All close at once.</summary>
    public async Task EndAsync()
    {
        await ended.CancelAsync();
        await Task.WhenAll(serving.ToList());
    }

    public void Dispose()
    {
        ended.Dispose();
        draining.Dispose();
    }

    private async Task ForgetAsync(Task task)
    {
        await task;
        serving.Remove(task);
    }

    private async Task ServeAsync(TcpCaller caller, int descriptor, Func<TcpCaller, ValueTask> serve)
    {
        try
        {
            await Task.Yield();
            await serve(caller);
        }
        catch (Exception failure) when (failure is FileException or OperationCanceledException or System.Text.RegularExpressions.RegexMatchTimeoutException)
        {
            // The client went, or the server ends.
        }
        catch (Exception failure)
        {
            broken.TrySetException(failure);
        }

        await process.Files.CloseAsync(descriptor);
    }
}
