using System.Runtime.CompilerServices;
using k8s.Models;
using Orleans.StatefulSets.Grains.Nodes;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Grains.Streaming;

/// <inheritdoc cref="IPodStreams"/>
internal sealed class PodStreams(IReplicas replicas, ObjectRoutes routes, NodeStreams here, PodSessions sessions, TimeProvider wall) : IPodStreams
{
    // As long as it may take until a lost silo is missed, or one that leaves is gone.
    private static readonly TimeSpan FindPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(100);
    private const string FromHost = "127.0.0.1:0";

    /// <inheritdoc/>
    public async Task<IPodProcess> ExecAsync(ObjectKey pod, ExecRequest request, CancellationToken cancellation)
    {
        var node = Choose(await FindAsync(pod, cancellation), request.Container);
        return Process(node, await BeginAsync(node, () => node.Exec(pod.ToString(), request), cancellation));
    }

    /// <inheritdoc/>
    public async Task<IPodProcess> AttachAsync(ObjectKey pod, AttachRequest request, CancellationToken cancellation)
    {
        var node = Choose(await FindAsync(pod, cancellation), request.Container);
        return Process(node, await BeginAsync(node, () => node.Attach(pod.ToString(), request), cancellation));
    }

    /// <inheritdoc/>
    public async Task<IPodConnection> ConnectAsync(ObjectKey pod, int port, CancellationToken cancellation)
    {
        var found = await FindAsync(pod, cancellation);
        var node = NodeOf(found);
        var reply = await BeginAsync(node, () => node.Connect(pod.ToString(), uid: null, port, FromHost), cancellation);
        reply.Demand();
        return reply.Error == 0
            ? Connection(node, reply)
            : throw new PodConnectionException(
                $"failed to connect to localhost:{port} inside namespace \"{found.Metadata.Uid}\", IPv4: dial tcp4 127.0.0.1:{port}: connect: {FileException.TextOf((Errno)reply.Error).ToLowerInvariant()}");
    }

    /// <inheritdoc/>
    public async Task CheckAsync(ObjectKey pod, CancellationToken cancellation)
    {
        var found = await FindAsync(pod, cancellation);
        NodeOf(found);
        if (!PodReadiness.IsRunning(found))
        {
            throw ApiErrors.BadRequest($"unable to forward port because pod is not running. Current status={found.Status?.Phase}");
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadLogAsync(ObjectKey pod, LogRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var found = await FindAsync(pod, cancellation);
        var node = Choose(found, request.Container);
        await ReachAsync(node, cancellation);
        var begun = await AskAsync(node.BeginLog(pod.ToString(), request), cancellation);
        begun.Demand();
        var left = request.LimitBytes ?? long.MaxValue;
        var isNewLine = true;
        for (var (from, isComplete) = (begun.Next, begun.IsComplete); left > 0 && !isComplete && (request.Follow || from < begun.Until);)
        {
            var page = await ReadLogAsync(node, begun.Place!, request.Follow, from, cancellation);
            (from, isComplete) = (page.Next, page.IsComplete);
            foreach (var line in page.Lines)
            {
                // A line that was too long for one entry goes on without another time.
                var text = request.Timestamps && isNewLine ? LogText.WithTime(line) : line.Bytes;
                isNewLine = line.Bytes.Span[^1] == '\n';
                text = text.Length > left ? text[..(int)left] : text;
                left -= text.Length;
                if (text.Length > 0)
                {
                    yield return text;
                }
            }
        }
    }

    // A log that is being read ends where its node's silo does.
    private static async Task<LogReply> ReadLogAsync(INodeGrain node, LogPlace place, bool follow, long from, CancellationToken cancellation)
    {
        try
        {
            return await node.ReadLog(place, follow, from).WaitAsync(cancellation);
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException)
        {
            return new LogReply { Next = from, IsComplete = true };
        }
    }

    // Where the node is about to go over to another silo it begins nothing any more, and is asked until it is there.
    private async Task<StreamReply> BeginAsync(INodeGrain node, Func<Task<StreamReply>> ask, CancellationToken cancellation)
    {
        var isLeaving = false;
        for (; ; await Task.Delay(AskAgainAfter, wall, cancellation))
        {
            await ReachAsync(node, cancellation);
            try
            {
                var reply = await AskAsync(ask(), cancellation);
                if (!reply.IsLeaving)
                {
                    return reply;
                }

                isLeaving = true;
            }
            catch (ApiException) when (isLeaving)
            {
                // It has just gone from where nothing was begun any more. What is lost after that may have begun elsewhere.
                isLeaving = false;
            }
        }
    }

    // What is begun must not be begun twice, so a node is found first: that is asked again where its silo is lost or goes. Closing what it
    // does not have is the least that a node can be asked to do.
    private async Task ReachAsync(INodeGrain node, CancellationToken cancellation)
    {
        for (var since = wall.GetTimestamp(); ; await Task.Delay(AskAgainAfter, wall, cancellation))
        {
            try
            {
                await node.CloseStream("").WaitAsync(AnswerPatience, wall, cancellation);
                return;
            }
            catch (Exception failure) when (failure is OrleansException or TimeoutException)
            {
                if (wall.GetElapsedTime(since) > FindPatience)
                {
                    throw Unreachable();
                }
            }
        }
    }

    // What an API server says of a kubelet that it can't reach.
    private static async Task<T> AskAsync<T>(Task<T> call, CancellationToken cancellation)
    {
        try
        {
            return await call.WaitAsync(cancellation);
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException)
        {
            throw Unreachable();
        }
    }

    private static ApiException Unreachable() => ApiErrors.InternalError("error dialing backend: the node's kubelet could not be reached");

    private async Task<V1Pod> FindAsync(ObjectKey key, CancellationToken cancellation)
    {
        // A consistent read, as an API server's: what another silo has shown is not denied here.
        var replica = replicas.For(key.Resource);
        await replica.CatchUpAsync(cancellation);
        return replica.Find(key)?.As<V1Pod>() ?? throw ApiErrors.NotFound(ResourceKinds.Pods, key.Name);
    }

    private INodeGrain Choose(V1Pod pod, string? container)
    {
        PodContainers.Choose(pod, container);
        return NodeOf(pod);
    }

    private INodeGrain NodeOf(V1Pod pod) => string.IsNullOrEmpty(pod.Spec.NodeName)
        ? throw ApiErrors.BadRequest($"pod {pod.Metadata.Name} does not have a host assigned")
        : routes.Node(pod.Spec.NodeName);

    private RunningProcess Process(INodeGrain node, StreamReply reply)
    {
        reply.Demand();
        return new RunningProcess(Stream(node, reply.Stream), sessions.Begin());
    }

    private PodConnection Connection(INodeGrain node, StreamReply reply) => new(Stream(node, reply.Stream), sessions.Begin());

    private NodeStream Stream(INodeGrain node, string name)
    {
        if (here.Find(name) is not { } stream)
        {
            return new DistantStream(node, name);
        }

        stream.IsHeldHere = true;
        return new HeldStream(here, name, stream);
    }
}
