using System.Collections.Concurrent;
using System.Net;
using System.Text;
using k8s.Models;
using Microsoft.Extensions.Time.Testing;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Images;
using Orleans.StatefulSets.Workloads.Network;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Sandboxes;

namespace Orleans.StatefulSets.Workloads.Tests.Sandboxes;

/// <summary>The inside of one pod, with its simulated clock in hand.</summary>
internal sealed class SandboxInHand : IAsyncDisposable
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(string, int), TaskCompletionSource<ContainerEnd>> ends = new();

    public SandboxInHand(PodLimits? limits = null, TimeProvider? wall = null, IPodGateway? gateway = null)
    {
        Sandbox = New(new CountedTime(Clock, Timers), limits, wall, gateway);
        Sandbox.Ended += end => Of(end.Container, end.Restarts).TrySetResult(end);
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2025, 6, 1, 12, 0, 0, TimeSpan.Zero));

    /// <summary>How many timers the simulated clock holds.</summary>
    public TimerCount Timers { get; } = new();

    public PodSandbox Sandbox { get; }

    internal static PodSandbox New(TimeProvider clock, PodLimits? limits = null, TimeProvider? wall = null, IPodGateway? gateway = null) => new(new PodSetup
    {
        HostName = "web-0",
        Address = IPAddress.Parse("10.244.0.2"),
        Hosts = "127.0.0.1\tlocalhost\n",
        Resolver = "nameserver 10.96.0.10\n",
        Clock = clock,
        Wall = wall ?? TimeProvider.System,
        Gateway = gateway ?? new NoGateway(),
        Limits = limits ?? new PodLimits { StepsPerSecond = 20_000_000, Cores = 64 },
    });

    /// <summary>What a container of the pod comes to.</summary>
    internal static ContainerSetup Setup(string image = "busybox", string name = "c", Action<V1Container>? change = null, params string[] command)
    {
        var container = new V1Container { Name = name, Image = image, Command = command.Length == 0 ? null : command, Ports = [new V1ContainerPort { ContainerPort = 8080 }] };
        change?.Invoke(container);
        var pod = new V1Pod { Metadata = new V1ObjectMeta { Name = "web-0", NamespaceProperty = "default" }, Spec = new V1PodSpec { Containers = [container] } };
        return ContainerSetups.Of(pod, container, ImageCatalog.Default.Find(container), "web-0", new NoSources(), new Dictionary<string, PodVolume>());
    }

    /// <summary>Starts a shell script as the container <c>c</c>.</summary>
    public Task StartAsync(string script, int restarts = 0, Action<V1Container>? change = null) => Sandbox.StartAsync(Setup(change: change, command: ["sh", "-c", script]), restarts);

    /// <summary>A container that waits to be looked into, and can be told to end.</summary>
    public Task StartIdleAsync(string name = "c") => Sandbox.StartAsync(Setup(name: name, command: ["sh", "-c", "trap 'exit 0' TERM; while :; do sleep 3600; done"]), 0);

    public Task<ContainerEnd> EndAsync(string name = "c", int restarts = 0) => Of(name, restarts).Task.WaitAsync(Patience);

    public Task<PodProcess?> BeginAsync(params string[] arguments) => Sandbox.ExecAsync("c", new ExecSetup { Arguments = arguments });

    /// <summary>Runs a script in the container to its end.</summary>
    public async Task<Outcome> ExecAsync(string script, string? input = null)
    {
        var process = await Sandbox.ExecAsync("c", new ExecSetup { Arguments = ["sh", "-c", script], Stdin = input is not null });
        if (input is not null)
        {
            await process!.WriteAsync(Encoding.UTF8.GetBytes(input), CancellationToken.None).WaitAsync(Patience);
            await process.EndInputAsync();
        }

        return await ReadAsync(process!);
    }

    /// <summary>Reads a process to its end.</summary>
    public static async Task<Outcome> ReadAsync(PodProcess process)
    {
        var (output, errors) = (new StringBuilder(), new StringBuilder());
        while (await process.ReadAsync(CancellationToken.None).WaitAsync(Patience) is { } piece)
        {
            (piece.IsError ? errors : output).Append(Encoding.UTF8.GetString(piece.Bytes.Span));
        }

        return new Outcome(output.ToString(), process.Failure ?? errors.ToString(), process.ExitCode ?? -1);
    }

    /// <summary>Reads until the text ends so.</summary>
    public static async Task<string> ReadUntilAsync(PodProcess process, string end)
    {
        var text = "";
        while (!text.EndsWith(end, StringComparison.Ordinal))
        {
            var piece = await process.ReadAsync(CancellationToken.None).WaitAsync(Patience) ?? throw new InvalidOperationException($"it ended after \"{text}\"");
            text += Encoding.UTF8.GetString(piece.Bytes.Span);
        }

        return text;
    }

    public async Task<string> LogAsync(int restarts = 0, LogStart start = default)
    {
        var span = await Sandbox.BeginLogAsync("c", restarts, start);
        var page = await Sandbox.ReadLogAsync("c", restarts, span!.Value.From, int.MaxValue, wait: null);
        return string.Concat(page!.Lines.Select(line => Encoding.UTF8.GetString(line.Bytes.Span)));
    }

    /// <summary>Lets simulated time go on until something holds.</summary>
    public async Task UntilAsync(Func<Task<bool>> holds, TimeSpan step = default)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, "it never came to be");
            if (step > TimeSpan.Zero)
            {
                Clock.Advance(step);
            }

            await Task.Yield();
        }
    }

    /// <summary>Lets simulated time go on until a task is done.</summary>
    public async Task<T> PassAsync<T>(Task<T> task, TimeSpan step)
    {
        await UntilAsync(() => Task.FromResult(task.IsCompleted), step);
        return await task;
    }

    public ValueTask DisposeAsync() => Sandbox.DisposeAsync();

    private TaskCompletionSource<ContainerEnd> Of(string name, int restarts) =>
        ends.GetOrAdd((name, restarts), static _ => new TaskCompletionSource<ContainerEnd>(TaskCreationOptions.RunContinuationsAsynchronously));

    internal sealed class NoGateway : IPodGateway
    {
        public ValueTask<DnsAnswer> QueryAsync(DnsQuestion question, CancellationToken cancellation) => new(new DnsAnswer(false, []));

        public async ValueTask<IOpenFile> ConnectAsync(IPAddress? from, IPEndPoint to, CancellationToken cancellation)
        {
            // An address that nobody has: nothing answers for as long as anybody waits.
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            throw new FileException(Errno.ETIMEDOUT);
        }

        public ValueTask<TimeSpan?> EchoAsync(IPAddress to, CancellationToken cancellation) => new((TimeSpan?)null);
    }

    internal sealed class NoSources : IPodSources
    {
        public V1ConfigMap? ConfigMap(string name) => null;

        public V1Secret? Secret(string name) => null;

        public IEnumerable<V1Service> Services() => [];

        public V1Node? Node() => null;
    }
}
