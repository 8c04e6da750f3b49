using System.Net;
using System.Threading.Channels;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Network;

/// <summary>The TCP ports that processes of one pod listen on. All containers of a pod share them. Used on the pod's scheduler only.</summary>
/// <param name="wall">The host's clock.</param>
internal sealed class PodPorts(TimeProvider wall)
{
    /// <summary>Connections that wait to be accepted (<c>net.core.somaxconn</c> is 4096; a pod here takes less).</summary>
    private const int Backlog = 512;

    // Each look has its turn after all that the pod has to do: where the host has little time for the pod, they take longer.
    private const int LateLooks = 100;
    private static readonly TimeSpan LateLook = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongHere = TimeSpan.FromSeconds(30);

    private readonly Dictionary<int, PodListener> listeners = [];
    private TaskCompletionSource? changed;
    private long? lateSince;

    /// <summary>
    /// Servers begin that are there already by the simulated clock, or have been all the time, as far as anybody can tell: whoever connects
    /// in this moment waits until they listen.
    /// </summary>
    public void ExpectServers() => lateSince = wall.GetTimestamp();

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
    public async ValueTask<Duplex> ConnectAsync(int port, IPEndPoint from, CancellationToken cancellation)
    {
        for (var looks = 0; !listeners.ContainsKey(port) && lateSince is { } since;)
        {
            if (looks == LateLooks || wall.GetElapsedTime(since) > LongHere)
            {
                lateSince = null;
                break;
            }

            changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            try
            {
                await changed.Task.WaitAsync(LateLook, wall, cancellation);
            }
            catch (TimeoutException)
            {
                looks++;
            }
        }

        var (client, server) = Duplex.Open();
        return listeners.TryGetValue(port, out var listener) && listener.Offer(server, from) ? client : throw new FileException(Errno.ECONNREFUSED);
    }

    private sealed class PodListener(PodPorts ports, int port) : IPodListener
    {
        private readonly Channel<(IOpenFile Connection, IPEndPoint From)> waiting = Channel.CreateBounded<(IOpenFile, IPEndPoint)>(Backlog);

        public bool Offer(IOpenFile connection, IPEndPoint from) => waiting.Writer.TryWrite((connection, from));

        public async ValueTask<(IOpenFile Connection, IPEndPoint From)> AcceptAsync(CancellationToken cancellation)
        {
            try
            {
                return await waiting.Reader.ReadAsync(cancellation);
            }
            catch (ChannelClosedException)
            {
                // It was closed while somebody still waited for a connection.
                throw new FileException(Errno.EBADF);
            }
        }

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
