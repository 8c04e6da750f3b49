using System.Net;
using k8s.Models;
using Microsoft.Extensions.Time.Testing;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Images;
using Orleans.StatefulSets.Workloads.Network;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Tests.Servers;

/// <summary>Some pods and the network between them, all on one scheduler; names are those of the pods.</summary>
internal sealed class PodsTogether(ImageCatalog? catalog = null, TimeProvider? clock = null)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly TaskScheduler scheduler = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
    private readonly Dictionary<string, ServedPod> pods = new(StringComparer.Ordinal);

    public ImageCatalog Catalog { get; } = catalog ?? ImageCatalog.Default;

    public TimeProvider Clock { get; } = clock ?? TimeProvider.System;

    public LoopNetwork Network { get; } = new();

    /// <summary>A pod of one container that is not started yet.</summary>
    public ServedPod Add(string name, string image, PodLimits? limits = null, IFileTree? volume = null, string? mountPath = null, bool readOnlyRoot = false, params int[] ports)
    {
        var container = new V1Container { Image = image, Ports = [.. ports.Select(port => new V1ContainerPort { ContainerPort = port })] };
        var address = IPAddress.Parse($"10.244.0.{pods.Count + 2}");
        Network.Names[name] = address;
        var pod = pods[name] = new ServedPod(this, name, Catalog.Find(container), address, limits ?? new PodLimits { StepsPerSecond = 20_000_000, Cores = 64 }, readOnlyRoot);
        if (volume is not null)
        {
            pod.Container.Files.Mount(mountPath!, volume);
        }

        return pod;
    }

    /// <summary>A pod that runs what its image runs, once it listens.</summary>
    public async Task<ServedPod> StartAsync(string name, string image, params int[] ports)
    {
        var pod = Add(name, image, ports: ports);
        await pod.StartAsync();
        return pod;
    }

    public Task<T> RunAsync<T>(Func<Task<T>> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, scheduler).Unwrap().WaitAsync(Patience);

    /// <summary>Writes a file of a pod.</summary>
    public Task<bool> WriteAsync(ServedPod pod, string path, string text) => RunAsync(async () =>
    {
        await pod.Container.Files.WriteAllAsync(new Caller("/", Credentials.Root, 0), path, ByteText.ToBytes(ByteText.FromText(text)));
        return true;
    });

    /// <summary>Waits until something holds; where the clock is in hand it goes on meanwhile.</summary>
    public async Task UntilAsync(Func<bool> holds, TimeSpan? step = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await RunAsync(() => Task.FromResult(holds())))
        {
            if (step is { } time)
            {
                ((FakeTimeProvider)Clock).Advance(time);
            }

            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, "it never came to be");
            await Task.Yield();
        }
    }

    /// <summary>Sends bytes to a pod as they are, and takes what comes until the pod closes, until enough has come, or for so long.</summary>
    public async Task<(string Text, bool Closed)> ExchangeAsync(ServedPod to, int port, string request, bool endsWriting = false, Func<string, bool>? enough = null, TimeSpan? patience = null)
    {
        IOpenFile? connection = null;
        var received = new MemoryStream();
        var closed = false;
        var receiving = RunAsync(async () =>
        {
            connection = await Network.ConnectAsync(IPAddress.Loopback, to.Address, port);
            _ = SendAsync(connection, request, endsWriting);
            var buffer = new byte[65_536];
            int count;
            while ((count = await connection.ReadAsync(buffer, CancellationToken.None)) > 0)
            {
                received.Write(buffer, 0, count);
            }

            return closed = true;
        });
        string Text() => ByteText.FromBytes(received.ToArray());
        var started = TimeProvider.System.GetTimestamp();
        await UntilAsync(() => receiving.IsFaulted || closed || enough?.Invoke(Text()) == true || (patience is { } most && TimeProvider.System.GetElapsedTime(started) > most));
        Assert.Null(receiving.Exception);
        return await RunAsync(async () =>
        {
            await connection!.CloseAsync();
            return (Text(), closed);
        });
    }

    private static async Task SendAsync(IOpenFile connection, string request, bool endsWriting)
    {
        try
        {
            await connection.WriteAsync(ByteText.ToBytes(request), CancellationToken.None);
        }
        catch (FileException)
        {
            // The server had enough.
        }

        if (endsWriting)
        {
            ((IHalfClosable)connection).EndWriting();
        }
    }
}

/// <summary>A pod of one container, made from an image.</summary>
internal sealed class ServedPod
{
    private const string Resolver = "nameserver 10.96.0.10\nsearch default.svc.cluster.local\n";
    private readonly PodsTogether all;
    private readonly ContainerImage image;
    private readonly ByteSink output = new(1 << 24);
    private readonly ByteSink errors = new(1 << 24);

    public ServedPod(PodsTogether all, string name, ContainerImage image, IPAddress address, PodLimits limits, bool readOnlyRoot)
    {
        (this.all, this.image, Address) = (all, image, address);
        Container = new Container
        {
            Name = "main",
            HostName = name,
            Files = new FileSystem(new MemoryTree(limits.LayerBytes, all.Clock, image.Files), readOnlyRoot),
            Programs = image.Programs,
            Clock = all.Clock,
            Network = all.Network.Of(address),
            Limits = limits,
        };
        Count = new ProcessCount(limits.Processes);
        Table = new ProcessTable(Count, new StepBudget(limits.StepsPerSecond, limits.Cores, TimeProvider.System));
    }

    public IPAddress Address { get; }

    public Container Container { get; }

    public ProcessCount Count { get; }

    public ProcessTable Table { get; }

    /// <summary>The first process.</summary>
    public Process First { get; private set; } = null!;

    /// <summary>How the first process ended.</summary>
    public Task<int> End { get; private set; } = Task.FromResult(-1);

    public string Output => ByteText.FromBytes(output.Bytes);

    public string Errors => ByteText.FromBytes(errors.Bytes);

    /// <summary>Starts what the image runs, or something else, and waits until it listens on a port or ended.</summary>
    public async Task StartAsync(IReadOnlyList<string>? command = null, Credentials? user = null, bool waits = true, Action<Dictionary<string, string>>? environment = null)
    {
        await all.RunAsync(async () =>
        {
            await FillAsync("/etc/resolv.conf", Resolver);
            var files = Open(output, errors);
            var variables = new Dictionary<string, string>(image.Environment, StringComparer.Ordinal) { ["HOSTNAME"] = Container.HostName };
            environment?.Invoke(variables);
            First = Table.New(Container, user ?? image.User, files, variables);
            First.WorkingDirectory = image.WorkingDirectory;
            End = Table.RunAsync(First, process => ExecuteAsync(process, command ?? [.. image.Entrypoint, .. image.Command]));
            return true;
        });
        if (waits)
        {
            await all.UntilAsync(() => End.IsCompleted || all.Network.ListensAny(Address));
        }
    }

    public Task<bool> SignalAsync(int signal) => all.RunAsync(() =>
    {
        First.Send(signal);
        return Task.FromResult(true);
    });

    /// <summary>Runs a text in the container's shell.</summary>
    public Task<Outcome> ShellAsync(string text) => all.RunAsync(async () =>
    {
        var (said, complained) = (new ByteSink(1 << 20), new ByteSink(1 << 20));
        var process = Table.New(Container, Credentials.Root, Open(said, complained), new Dictionary<string, string>(image.Environment, StringComparer.Ordinal));
        process.WorkingDirectory = image.WorkingDirectory;
        var status = await Table.RunAsync(process, started => ExecuteAsync(started, ["sh", "-c", ByteText.FromText(text)]));
        return new Outcome(ByteText.FromBytes(said.Bytes), ByteText.FromBytes(complained.Bytes), status);
    });

    /// <summary>Mounts a file, as the kubelet does with /etc/resolv.conf.</summary>
    private async ValueTask FillAsync(string path, string text)
    {
        var tree = new MemoryTree(Resolver.Length, all.Clock, new ImageBuilder().File("/file", text).Build());
        Container.Files.Mount(path, tree, subPath: "file");
        await Container.Files.StatAsync(new Caller("/", Credentials.Root, 0), path);
    }

    private Descriptors Open(IOpenFile said, IOpenFile complained)
    {
        var files = new Descriptors(Container.Limits.OpenFiles);
        files.Add(new NullFile());
        files.Add(said);
        files.Add(complained);
        return files;
    }

    private static async ValueTask<int> ExecuteAsync(Process process, IReadOnlyList<string> command)
    {
        await Task.Yield();
        var path = await Execution.FindInPathAsync(process, command[0]) ?? throw new FileException(Errno.ENOENT);
        return await Execution.ExecuteAsync(process, path, command);
    }
}
