using System.Net;
using System.Net.Sockets;

namespace Orleans.StatefulSets.Acceptance.Tests.Servers.Network;

/// <summary>
/// A piece of network between programs of this machine: it carries bytes from one address of loopback to another, and can do so badly,
/// for all or for one source.
/// </summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private const int Backlog = 128;
    private readonly Lock gate = new();
    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly IPEndPoint target;
    private readonly Func<IPEndPoint, IPEndPoint, int> sourceOf;
    private readonly CancellationTokenSource ending = new();
    private readonly HashSet<ProxyLink> links = [];
    private readonly Dictionary<int, Passage> ofSources = [];
    private readonly Task accepting;
    private Passage ofAll;
    private TaskCompletionSource changed = NewSignal();

    /// <param name="listen">Where it listens.</param>
    /// <param name="target">Whom it stands before.</param>
    /// <param name="sourceOf">Who holds a socket, by its own address and its peer's.</param>
    public TcpProxy(IPEndPoint listen, IPEndPoint target, Func<IPEndPoint, IPEndPoint, int> sourceOf)
    {
        (this.target, this.sourceOf) = (target, sourceOf);
        listener.Bind(listen);
        listener.Listen(Backlog);
        accepting = AcceptAsync();
    }

    /// <summary>The port on which it listens.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndPoint!).Port;

    /// <summary>From now on, for everybody of whom nothing else is said.</summary>
    public void Set(Passage passage) => Change(() => ofAll = passage);

    /// <summary>From now on, for one source.</summary>
    public void Set(int source, Passage passage) => Change(() => ofSources[source] = passage);

    /// <summary>All is well again: what waited arrives.</summary>
    public void Heal() => Change(() =>
    {
        ofAll = Passage.Open;
        ofSources.Clear();
    });

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await accepting;
        Task[] running;
        lock (gate)
        {
            running = [.. links.Select(link => link.Running)];
        }

        await Task.WhenAll(running);
        listener.Dispose();
        ending.Dispose();
    }

    /// <summary>What becomes of a link's bytes now, and what completes when that changes.</summary>
    internal (Passage Passage, Task Changed) Look(ProxyLink link)
    {
        lock (gate)
        {
            return (PassageOf(link), changed.Task);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Whose link it is matters only while something is said of a source, and can be found out as long as the link lasts.
    private Passage PassageOf(ProxyLink link) => ofSources.Count == 0 ? ofAll : ofSources.GetValueOrDefault(link.Source, ofAll);

    private void Change(Action change)
    {
        lock (gate)
        {
            change();
            var signal = changed;
            changed = NewSignal();
            foreach (var link in links.Where(link => PassageOf(link) == Passage.Cut))
            {
                link.Cut();
            }

            signal.SetResult();
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptAsync(ending.Token);
                var link = new ProxyLink(this, client, target, sourceOf, ending.Token);
                lock (gate)
                {
                    links.Add(link);
                    link.Start();
                }

                _ = ForgetAsync(link);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task ForgetAsync(ProxyLink link)
    {
        await link.Running;
        lock (gate)
        {
            links.Remove(link);
        }
    }
}
