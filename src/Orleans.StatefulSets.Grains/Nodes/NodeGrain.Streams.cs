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
    // Well below the time that a call may take.
    private static readonly TimeSpan StreamPatience = TimeSpan.FromSeconds(8);
    private const int LogBytes = 256 * 1024;

    /// <inheritdoc/>
    public Task<StreamReply> Exec(string podKey, ExecRequest request) => StreamAsync(podKey, request.Container, async (live, container) =>
        await live.Sandbox.ExecAsync(container.Name, new ExecSetup { Arguments = [.. request.Command.Select(ByteText.FromText)], Stdin = request.Stdin, Tty = request.Tty }));

    /// <inheritdoc/>
    public Task<StreamReply> Attach(string podKey, AttachRequest request) => StreamAsync(podKey, request.Container, async (live, container) =>
        await live.Sandbox.AttachAsync(container.Name, request.Stdin));

    /// <inheritdoc/>
    public async Task<StreamReply> Connect(string podKey, int port, string from)
    {
        if (!IsReachable(podKey))
        {
            return new StreamReply { Error = (int)Errno.EHOSTUNREACH };
        }

        try
        {
            var (_, live) = await LookAsync(podKey);
            var connection = await live.Sandbox.ConnectAsync(port, IPEndPoint.Parse(from));
            return new StreamReply { Stream = streams.Add(new ConnectionStream(connection)) };
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
            var (pod, live) = await LookAsync(podKey);
            var container = PodContainers.Choose(pod, request.Container);
            var since = request.SinceSeconds is { } seconds ? Now.AddSeconds(-seconds) : request.SinceTime;
            var start = await live.Sandbox.BeginLogAsync(container.Name, request.Previous, new LogStart { TailLines = request.TailLines, Since = since });
            return start is { } at ? new LogReply { Next = at } : LogReply.Refuse(PodContainers.NoLog(pod, container, request.Previous));
        }
        catch (ApiException refusal)
        {
            return LogReply.Refuse(refusal);
        }
    }

    /// <inheritdoc/>
    public async Task<LogReply> ReadLog(string podKey, LogRequest request, long from)
    {
        if (kubelet.Find(podKey) is not { } pod)
        {
            return new LogReply { Next = from, IsComplete = true };
        }

        var container = PodContainers.Choose(pod, request.Container);
        using var patience = new CancellationTokenSource(StreamPatience, insides.Wall);
        var page = runtime.Find(pod.Metadata.Uid) is { } live
            ? await live.Sandbox.ReadLogAsync(container.Name, request.Previous, from, LogBytes, request.Follow ? patience.Token : null)
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
    public async Task<bool> WriteStream(string stream, ReadOnlyMemory<byte> bytes) =>
        streams.Find(stream) is { } found && await found.WriteAsync(bytes, CancellationToken.None);

    /// <inheritdoc/>
    public Task EndStreamInput(string stream) => streams.Find(stream)?.EndInputAsync() ?? Task.CompletedTask;

    /// <inheritdoc/>
    public Task ResizeStream(string stream, int columns, int rows) => streams.Find(stream)?.ResizeAsync(columns, rows) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public Task CloseStream(string stream) => streams.CloseAsync(stream);

    private async Task<StreamReply> StreamAsync(string podKey, string? name, Func<LivePod, V1Container, Task<PodProcess?>> begin)
    {
        try
        {
            var (pod, live) = await LookAsync(podKey);
            var container = PodContainers.Choose(pod, name);
            var process = await begin(live, container) ?? throw PodContainers.NotRunning(container);
            return new StreamReply { Stream = streams.Add(new ProcessStream(process)) };
        }
        catch (FileException failure)
        {
            return StreamReply.Refuse(ApiErrors.InternalError($"error executing command in container: failed to exec in container: failed to start exec: OCI runtime exec failed: exec failed: unable to start container process: fork/exec: {failure.Message.ToLowerInvariant()}: unknown"));
        }
        catch (ApiException refusal)
        {
            return StreamReply.Refuse(refusal);
        }
    }

    // News of a pod's binding may be faster at whoever asks than here.
    private async Task<(V1Pod Pod, LivePod Live)> LookAsync(string podKey)
    {
        if (Node() is null || NodePower.IsOff(Node()!))
        {
            throw ApiErrors.InternalError($"error dialing backend: dial tcp {NodeAddress()}:10250: connect: no route to host");
        }

        if (kubelet.Find(podKey) is null && Services.Replicas.Find(ObjectKey.Parse(podKey)) is { } item && item.As<V1Pod>().Spec.NodeName == Key.Name)
        {
            kubelet.Observe(item, deleted: false);
        }

        return await kubelet.LookAsync(podKey) ?? throw ApiErrors.NotFound(ResourceKinds.Pods, ObjectKey.Parse(podKey).Name);
    }

    private bool IsReachable(string podKey)
    {
        var pod = kubelet.Find(podKey) ?? Services.Replicas.Find(ObjectKey.Parse(podKey))?.As<V1Pod>();
        return pod is not null && Node() is { } node && !NodePower.IsOff(node) && !PodReadiness.IsTerminal(pod);
    }

    private string NodeAddress() => Node()?.Status?.Addresses?.FirstOrDefault(address => address.Type == "InternalIP")?.Address ?? Key.Name;
}
