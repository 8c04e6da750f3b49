using System.Net;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs.Servers.Http;

namespace Orleans.StatefulSets.Workloads.Programs.Servers;

/// <summary>What a master starts and stops as one: a configuration, and the workers that serve by it.</summary>
/// <param name="Ports">What is listened on.</param>
/// <param name="Workers">How many workers.</param>
/// <param name="Title">What the workers are called.</param>
/// <param name="User">Whom they act for.</param>
/// <param name="Connections">Connections of a worker at once.</param>
/// <param name="Site">What they answer.</param>
internal sealed record Generation(IReadOnlyList<int> Ports, int Workers, IReadOnlyList<string> Title, Credentials User, int Connections, IHttpSite Site);

/// <summary>A child of a master that serves connections as a user with fewer rights.</summary>
internal sealed class WorkerProcess
{
    private readonly TaskCompletionSource leave = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Connections connections;
    private readonly IHttpSite site;
    private bool isGraceful;

    /// <exception cref="Files.FileException">EAGAIN: the pod has too many processes.</exception>
    public WorkerProcess(Process master, Generation generation)
    {
        Process = master.Table.Fork(master);
        Process.Credentials = generation.User;
        Process.Arguments = generation.Title;
        site = generation.Site;
        connections = new Connections(Process, generation.Connections);
        End = master.Table.RunAsync(Process, _ => RunAsync());
    }

    public Process Process { get; }

    /// <summary>Ends when it did.</summary>
    public Task<int> End { get; }

    public Connections Connections => connections;

    /// <summary>Serves a connection.</summary>
    /// <returns>False where it serves too many already.</returns>
    public bool TryServe(IOpenFile file, IPEndPoint from, int port) =>
        !End.IsCompleted && connections.TryServe(file, from, port, caller => new HttpConversation(site, caller, Process).RunAsync());

    /// <summary>Has it end: at once, or when its clients have what they asked for.</summary>
    public void Leave(bool graceful)
    {
        isGraceful = graceful;
        leave.TrySetResult();
    }

    private async ValueTask<int> RunAsync()
    {
        using (connections)
        {
            try
            {
                await await Task.WhenAny(leave.Task, connections.Broken).WaitAsync(Process.Killed);
                await (isGraceful ? connections.DrainAsync() : Task.CompletedTask);
                return 0;
            }
            finally
            {
                await connections.EndAsync();
            }
        }
    }
}
