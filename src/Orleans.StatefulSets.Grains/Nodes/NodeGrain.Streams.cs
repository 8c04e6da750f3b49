using System.Net;
using k8s.Models;
using Orleans.StatefulSets.Grains.Nodes.Runtime;
using Orleans.StatefulSets.Grains.Streaming;
using Orleans.StatefulSets.Reconciliation.Nodes;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Sandboxes;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Grains.Nodes;

/// <content>The node's streaming server: what a kubelet's is to its API server.</content>
internal sealed partial class NodeGrain
{
    private static readonly TimeSpan MostStreamPatience = TimeSpan.FromSeconds(8);
    private const int LogBytes = 256 * 1024;
    private const string ExecFailure = "error executing command in container: failed to exec in container: failed to start exec: OCI runtime exec failed: exec failed: unable to start container process: fork/exec";
    private const string AttachFailure = "error attaching to container: failed to attach";

    private static readonly StreamReply Leaving = new() { IsLeaving = true };

    // Well below the time that a call may take.
    private TimeSpan StreamPatience => messaging.Value.ResponseTimeout / 4 is var share && share < MostStreamPatience ? share : MostStreamPatience;

    /// <inheritdoc/>
    public Task<StreamReply> Exec(string podKey, ExecRequest request) => StreamAsync(podKey, request.Container, ExecFailure, async (live, container) =>
        await live.Sandbox.ExecAsync(container.Name, new ExecSetup { Arguments = [.. request.Command.Select(ByteText.FromText)], Stdin = request.Stdin, Tty = request.Tty }));

    /// <inheritdoc/>
    public Task<StreamReply> Attach(string podKey, AttachRequest request) => StreamAsync(podKey, request.Container, AttachFailure, async (live, container) =>
        await live.Sandbox.AttachAsync(container.Name, request.Stdin));

    /// <inheritdoc/>
    public async Task<StreamReply> Connect(string podKey, string? uid, int port, string from)
    {
        // Pods that talk to each other take what there is; a client's connection comes from nowhere in particular.
        using var beginning = uid is null ? sessions.Begin() : null;
        if (beginning is not null && sessions.IsLeaving)
        {
            return Leaving;
        }

        if (!IsReachable(podKey, uid))
        {
            return new StreamReply { Error = (int)Errno.EHOSTUNREACH };
        }

        try
        {
            var (_, live) = await LookAsync(podKey);
            return live is null
                ? new StreamReply { Error = (int)Errno.ECONNREFUSED }
                : new StreamReply { Stream = streams.Add(new ConnectionStream(await live.Sandbox.ConnectAsync(port, IPEndPoint.Parse(from)), isOfClient: uid is null)) };
        }
        catch (FileException failure)
        {
            return new StreamReply { Error = (int)failure.Code };
        }
        catch (ApiException refusal)
        {
            return StreamReply.Refuse(refusal);
        }
    }

    /// <inheritdoc/>
    public async Task<LogReply> BeginLog(string podKey, LogRequest request)
    {
        try
        {
            // Which instance there is a log of stands in the pod's status: what whoever asks has seen must be known here too.
            await Services.Replicas.For(ResourceKinds.Pods.Resource).CatchUpAsync(CancellationToken.None);
            Catch(podKey);
            var (pod, live) = await LookAsync(podKey, request);
            var container = PodContainers.Choose(pod, request.Container);
            var restarts = PodContainers.LogOf(pod, container, request.Previous) ?? throw PodContainers.NoLog(pod, container, request.Previous);
            var since = request.SinceSeconds is { } seconds ? Now.AddSeconds(-seconds) : request.SinceTime;
            var span = live is null ? null : await live.Sandbox.BeginLogAsync(container.Name, restarts, new LogStart { TailLines = request.TailLines, Since = since });

            // What never ran in earnest has said nothing, and what is gone says nothing any more.
            return new LogReply { Place = new LogPlace(pod.Metadata.Uid, container.Name, restarts), Next = span?.From ?? 0, Until = span?.Until ?? 0, IsComplete = span is null };
        }
        catch (ApiException refusal)
        {
            return LogReply.Refuse(refusal);
        }
    }

    /// <inheritdoc/>
    public async Task<LogReply> ReadLog(LogPlace place, bool follow, long from)
    {
        using var patience = new CancellationTokenSource(StreamPatience, insides.Wall);
        var page = runtime.Find(place.Uid) is { } live
            ? await live.Sandbox.ReadLogAsync(place.Container, place.Restarts, from, LogBytes, follow ? patience.Token : null)
            : null;
        return page is null
            ? new LogReply { Next = from, IsComplete = true }
            : new LogReply { Next = page.Next, IsComplete = page.IsComplete, Lines = [.. page.Lines.Select(line => new LoggedLine(line.At, line.Bytes))] };
    }

    /// <inheritdoc/>
    public async Task<StreamPart> ReadStream(string stream)
    {
        if (streams.Find(stream) is not { } found)
        {
            return new StreamPart { End = new ProcessEnd(137, "the connection to the container was lost") };
        }

        using var patience = new CancellationTokenSource(StreamPatience, insides.Wall);
        return await found.ReadAsync(patience.Token);
    }

    /// <inheritdoc/>
    public async Task<int> WriteStream(string stream, ReadOnlyMemory<byte> bytes)
    {
        using var patience = new CancellationTokenSource(StreamPatience, insides.Wall);
        return streams.Find(stream) is { } found ? await found.WriteAsync(bytes, patience.Token) : NodeStream.Closed;
    }

    /// <inheritdoc/>
    public Task EndStreamInput(string stream) => streams.Find(stream)?.EndInputAsync() ?? Task.CompletedTask;

    /// <inheritdoc/>
    public Task ResizeStream(string stream, int columns, int rows) => streams.Find(stream)?.ResizeAsync(columns, rows) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public Task CloseStream(string stream) => streams.CloseAsync(stream);

    private async Task<StreamReply> StreamAsync(string podKey, string? name, string what, Func<LivePod, V1Container, Task<PodProcess?>> begin)
    {
        using var beginning = sessions.Begin();
        if (sessions.IsLeaving)
        {
            return Leaving;
        }

        try
        {
            var (pod, live) = await LookAsync(podKey);
            var container = PodContainers.Choose(pod, name);
            var process = (live is null ? null : await begin(live, container)) ?? throw PodContainers.NotRunning(container);
            return new StreamReply { Stream = streams.Add(new ProcessStream(process)) };
        }
        catch (FileException failure)
        {
            return StreamReply.Refuse(ApiErrors.InternalError($"{what}: {failure.Message.ToLowerInvariant()}: unknown"));
        }
        catch (ApiException refusal)
        {
            return StreamReply.Refuse(refusal);
        }
    }

    // News of a pod's binding may be faster at whoever asks than here.
    private async Task<(V1Pod Pod, LivePod? Live)> LookAsync(string podKey, LogRequest? log = null)
    {
        DemandMachine(podKey, log);
        await ConfirmPodsAsync();
        DemandMachine(podKey, log);
        Catch(podKey);
        if (await kubelet.LookAsync(podKey) is { Live: not null } found)
        {
            return found;
        }

        // Whoever asks may have seen already what is not known here yet.
        await Services.Replicas.For(ResourceKinds.Pods.Resource).WaitForHeadAsync(CancellationToken.None);
        DemandMachine(podKey, log);
        Catch(podKey);
        return await kubelet.LookAsync(podKey) ?? throw ApiErrors.NotFound(ResourceKinds.Pods, ObjectKey.Parse(podKey).Name);
    }

    // In no pod on a machine that is off or gone anything is begun.
    private void DemandMachine(string podKey, LogRequest? log)
    {
        var node = Node() ?? throw ApiErrors.NotFound(ResourceKinds.Nodes, Key.Name);
        if (NodePower.IsSilent(node))
        {
            throw log is not null && Services.Replicas.Find(ObjectKey.Parse(podKey))?.As<V1Pod>() is { } pod
                ? KubeletErrors.LogUnreachable(node, pod, PodContainers.Choose(pod, log.Container))
                : KubeletErrors.Unreachable(node);
        }
    }

    // To look into a pod may begin its inside, with its volumes: not of one that only seems to be here.
    private async ValueTask ConfirmPodsAsync()
    {
        if (!kubelet.IsConfirmed)
        {
            // The node itself first: of one that is gone, or went silent, nothing is begun either.
            await ConfirmAsync(creating: false);
            await Services.Replicas.Objects.WaitForHeadAsync(CancellationToken.None);
            kubelet.Confirm();
        }
    }

    private void Catch(string podKey)
    {
        if (Services.Replicas.Find(ObjectKey.Parse(podKey)) is { } item && item.As<V1Pod>().Spec.NodeName == Key.Name)
        {
            kubelet.Observe(item, deleted: false);
        }
    }

    private bool IsReachable(string podKey, string? uid)
    {
        var pod = kubelet.Find(podKey) ?? Services.Replicas.Find(ObjectKey.Parse(podKey))?.As<V1Pod>();
        return pod is not null && (uid is null || pod.Metadata.Uid == uid) && Node() is { } node && !NodePower.IsSilent(node) && !PodReadiness.IsTerminal(pod);
    }
}
