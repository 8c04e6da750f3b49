using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using Orleans.StatefulSets.Grains.Streaming;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Api.Tests.Cluster;

/// <summary>Pods whose inside a test writes: programs by name, servers by port, a log.</summary>
public sealed class ScriptedPods : IPodStreams
{
    private readonly Channel<string> followed = Channel.CreateUnbounded<string>();

    public ConcurrentQueue<ExecRequest> Execs { get; } = [];

    public ConcurrentQueue<AttachRequest> Attaches { get; } = [];

    public ConcurrentQueue<LogRequest> LogRequests { get; } = [];

    public ConcurrentQueue<ScriptedProcess> Processes { get; } = [];

    /// <summary>What every pod answers instead.</summary>
    public ApiException? Refusal { get; set; }

    /// <summary>The files that <c>kubectl cp</c> sees.</summary>
    public ConcurrentDictionary<string, byte[]> Files { get; } = [];

    /// <summary>What the container wrote.</summary>
    public IReadOnlyList<string> Log { get; set; } = [];

    /// <summary>Ends when nobody follows the log any more.</summary>
    public TaskCompletionSource LogLeft { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Writes a piece for those who follow, or (null) ends the container.</summary>
    public void Write(string? piece)
    {
        if (piece is null)
        {
            followed.Writer.TryComplete();
        }
        else
        {
            followed.Writer.TryWrite(piece);
        }
    }

    public Task<IPodProcess> ExecAsync(ObjectKey pod, ExecRequest request, CancellationToken cancellation)
    {
        Execs.Enqueue(request);
        return Task.FromResult<IPodProcess>(Start(process => ScriptedPrograms.RunAsync(this, process, request.Command), request.Stdin));
    }

    public Task<IPodProcess> AttachAsync(ObjectKey pod, AttachRequest request, CancellationToken cancellation)
    {
        Attaches.Enqueue(request);
        return Task.FromResult<IPodProcess>(Start(process => ScriptedPrograms.RunAsync(this, process, ["cat"]), request.Stdin));
    }

    public Task<IPodConnection> ConnectAsync(ObjectKey pod, int port, CancellationToken cancellation) =>
        Refusal is not null ? throw Refusal
        : ScriptedServers.Find(port) is { } server ? Task.FromResult<IPodConnection>(new ScriptedConnection(server))
        : throw new PodConnectionException(
            $"failed to execute portforward in network namespace \"/var/run/netns/cni-1\": failed to connect to localhost:{port} inside namespace \"abc\", IPv4: dial tcp4 127.0.0.1:{port}: connect: connection refused");

    public Task CheckAsync(ObjectKey pod, CancellationToken cancellation) => Refusal is null ? Task.CompletedTask : throw Refusal;

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadLogAsync(
        ObjectKey pod, LogRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        LogRequests.Enqueue(request);
        if (Refusal is not null)
        {
            throw Refusal;
        }

        foreach (var piece in Log)
        {
            yield return Encoding.UTF8.GetBytes(piece);
        }

        try
        {
            while (request.Follow && await followed.Reader.WaitToReadAsync(cancellation))
            {
                while (followed.Reader.TryRead(out var piece))
                {
                    yield return Encoding.UTF8.GetBytes(piece);
                }
            }
        }
        finally
        {
            LogLeft.TrySetResult();
        }
    }

    private ScriptedProcess Start(Func<ScriptedProcess, Task<ProcessEnd>> script, bool hasInput)
    {
        if (Refusal is not null)
        {
            throw Refusal;
        }

        var process = new ScriptedProcess(script, hasInput);
        Processes.Enqueue(process);
        return process;
    }
}
