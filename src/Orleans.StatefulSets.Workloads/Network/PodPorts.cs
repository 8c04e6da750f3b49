using System.Net;
using System.Threading.Channels;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Network;

/// <summary>The TCP ports that processes of one pod listen on. All containers of a pod share them. Used on the pod's scheduler only.</summary>
internal sealed class PodPorts
{
    /// <summary>Connections that wait to be accepted (<c>net.core.somaxconn</c> is 4096; a pod here takes less).</summary>
    private const int Backlog = 512;

    private readonly Dictionary<int, PodListener> listeners = [];
    private TaskCompletionSource? changed;

    /// <summary>Whether anybody listens on a port.</summary>
    public bool IsOpen(int port) => listeners.ContainsKey(port);

    /// <summary>Completes when somebody begins to listen.</summary>
    public Task Changed => (changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <exception cref="FileException">EADDRINUSE</exception>
    public IPodListener Listen(int port)
    {
        var listener = new PodListener(this, port);
        if (!listeners.TryAdd(port, listener))
        {
            throw new FileException(Errno.EADDRINUSE);
        }

        var waiting = changed;
        changed = null;
        waiting?.SetResult();
        return listener;
    }

    /// <summary>Connects to a port.</summary>
    /// <exception cref="FileException">ECONNREFUSED: nobody listens, or too many wait to be accepted.</exception>
    public Duplex Connect(int port, IPEndPoint from)
    {
        var (client, server) = Duplex.Open();
        return listeners.TryGetValue(port, out var listener) && listener.Offer(server, from) ? client : throw new FileException(Errno.ECONNREFUSED);
    }

    private sealed class PodListener(PodPorts ports, int port) : IPodListener
    {
        private readonly Channel<(IOpenFile Connection, IPEndPoint From)> waiting = Channel.CreateBounded<(IOpenFile, IPEndPoint)>(Backlog);

        public bool Offer(IOpenFile connection, IPEndPoint from) => waiting.Writer.TryWrite((connection, from));

        public ValueTask<(IOpenFile Connection, IPEndPoint From)> AcceptAsync(CancellationToken cancellation) => waiting.Reader.ReadAsync(cancellation);

        public void Dispose()
        {
            if (ports.listeners.GetValueOrDefault(port) == this)
            {
                ports.listeners.Remove(port);
            }

            waiting.Writer.TryComplete();
            while (waiting.Reader.TryRead(out var left))
            {
                // Nobody will answer: the other side reads the end.
                _ = left.Connection.CloseAsync();
            }
        }
    }
}
