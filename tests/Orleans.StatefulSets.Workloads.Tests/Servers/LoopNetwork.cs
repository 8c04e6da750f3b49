using System.Net;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Network;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Tests.Servers;

/// <summary>A network of pods that run on one scheduler: connections are two pipes.</summary>
internal sealed class LoopNetwork
{
    private const int PipeBytes = 65_536;
    private readonly Dictionary<(IPAddress Address, int Port), Listener> listeners = [];
    private int lastPort = 40_000;

    /// <summary>The client's side of the first connection that a test made itself.</summary>
    public IOpenFile? LastClient { get; private set; }

    /// <summary>Addresses by name.</summary>
    public Dictionary<string, IPAddress> Names { get; } = new(StringComparer.Ordinal);

    public bool ListensAny(IPAddress address) => listeners.Keys.Any(bound => bound.Address.Equals(address));

    public bool Listens(IPAddress address, int port) => listeners.ContainsKey((address, port));

    /// <summary>The network as a pod sees it.</summary>
    public IPodNetwork Of(IPAddress address) => new PodsView(this, address);

    public ValueTask<IOpenFile> ConnectAsync(IPAddress from, IPAddress to, int port)
    {
        if (!listeners.TryGetValue((to, port), out var listener))
        {
            throw new FileException(Names.ContainsValue(to) ? Errno.ECONNREFUSED : Errno.EHOSTUNREACH);
        }

        var (there, back) = (Pipe.Open(PipeBytes), Pipe.Open(PipeBytes));
        listener.Offer(new Side(there.Reader, back.Writer), new IPEndPoint(from, lastPort = lastPort >= 60_000 ? 40_000 : lastPort + 1));
        IOpenFile client = new Side(back.Reader, there.Writer);
        LastClient ??= client;
        return new(client);
    }

    private sealed class PodsView(LoopNetwork all, IPAddress own) : IPodNetwork
    {
        public IPAddress? Address => own;

        public ValueTask<DnsAnswer> QueryAsync(DnsQuestion question, CancellationToken cancellation) =>
            new(question.Type == DnsType.A && all.Names.TryGetValue(question.Name.Split('.')[0], out var address)
                ? new DnsAnswer(true, [new DnsRecord(question.Name, DnsType.A, 30, address.ToString())])
                : new DnsAnswer(false, []));

        public ValueTask<IOpenFile> ConnectAsync(IPEndPoint to, CancellationToken cancellation) =>
            IPAddress.IsLoopback(to.Address) ? all.ConnectAsync(IPAddress.Loopback, own, to.Port) : all.ConnectAsync(own, to.Address, to.Port);

        public ValueTask<TimeSpan?> EchoAsync(IPAddress to, CancellationToken cancellation) => new(all.Names.ContainsValue(to) ? TimeSpan.FromMicroseconds(50) : null);

        public IPodListener Listen(int port)
        {
            var listener = new Listener(() => all.listeners.Remove((own, port)));
            return all.listeners.TryAdd((own, port), listener) ? listener : throw new FileException(Errno.EADDRINUSE);
        }
    }

    private sealed class Listener(Action closed) : IPodListener
    {
        private readonly Queue<(IOpenFile, IPEndPoint)> waiting = [];
        private TaskCompletionSource? came;

        public void Offer(IOpenFile connection, IPEndPoint from)
        {
            waiting.Enqueue((connection, from));
            came?.TrySetResult();
        }

        public async ValueTask<(IOpenFile Connection, IPEndPoint From)> AcceptAsync(CancellationToken cancellation)
        {
            cancellation.ThrowIfCancellationRequested();
            while (waiting.Count == 0)
            {
                came = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                await came.Task.WaitAsync(cancellation);
            }

            return waiting.Dequeue();
        }

        public void Dispose()
        {
            closed();
            while (waiting.TryDequeue(out var reset))
            {
                _ = reset.Item1.CloseAsync();
            }
        }
    }

    private sealed class Side(IOpenFile reader, IOpenFile writer) : IOpenFile, IHalfClosable
    {
        private bool isWriting = true;
        private int shares = 1;

        public bool IsTerminal => false;

        public (IFileTree Tree, long Node)? File => null;

        public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation) => reader.ReadAsync(buffer, cancellation);

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => writer.WriteAsync(bytes, cancellation);

        public void Share() => shares++;

        public void EndWriting()
        {
            if (isWriting)
            {
                isWriting = false;
                _ = writer.CloseAsync();
            }
        }

        public async ValueTask CloseAsync()
        {
            if (--shares == 0)
            {
                EndWriting();
                await reader.CloseAsync();
            }
        }
    }
}
