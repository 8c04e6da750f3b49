using System.Net;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Network;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs;
using Orleans.StatefulSets.Workloads.Programs.Shell;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Tests;

/// <summary>What a command left behind.</summary>
internal sealed record Outcome(string Output, string Errors, int Status);

/// <summary>A container on a busybox-like image, whose processes all run on one scheduler, as a pod's do.</summary>
internal sealed class EmulatedContainer
{
    private static readonly ProgramCatalog Programs = new(ShellPrograms.All.Concat(ToolPrograms.All));
    private static readonly ImageTree Image = BaseImage.Of(Programs.Names);
    private readonly TaskScheduler scheduler = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;

    public EmulatedContainer(PodLimits? limits = null, TimeProvider? clock = null, IPodNetwork? network = null)
    {
        Limits = limits ?? new PodLimits { StepsPerSecond = 20_000_000, Cores = 64 };
        Container = new Container
        {
            Name = "c",
            HostName = "web-0",
            Files = new FileSystem(new MemoryTree(Limits.LayerBytes, clock ?? TimeProvider.System, Image)),
            Programs = Programs,
            Clock = clock ?? TimeProvider.System,
            Network = network ?? new NoNetwork(),
            Limits = Limits,
        };
        Count = new ProcessCount(Limits.Processes);
        Table = new ProcessTable(Count, new StepBudget(Limits.StepsPerSecond, Limits.Cores, TimeProvider.System));

        // The kernel shields a container's first process; what is tested shall not be it.
        Table.New(Container, Credentials.Root, new Descriptors(Limits.OpenFiles), Environment);
    }

    public PodLimits Limits { get; }

    public Container Container { get; }

    public ProcessCount Count { get; }

    public ProcessTable Table { get; }

    public Dictionary<string, string> Environment { get; } = new() { ["PATH"] = "/bin:/usr/bin", ["HOME"] = "/root" };

    /// <summary>Runs something on the container's scheduler.</summary>
    public Task<T> OnSchedulerAsync<T>(Func<Task<T>> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, scheduler).Unwrap();

    /// <summary>Begins a process with these files for 0, 1 and 2; on the container's scheduler only.</summary>
    public (Process Process, Task<int> End) Begin(IReadOnlyList<string> arguments, IOpenFile input, IOpenFile output, IOpenFile errors, string directory = "/")
    {
        var files = new Descriptors(Limits.OpenFiles);
        files.Add(input);
        files.Add(output);
        files.Add(errors);
        var process = Table.New(Container, Credentials.Root, files, Environment);
        process.WorkingDirectory = directory;
        return (process, Table.RunAsync(process, async started =>
        {
            await Task.Yield();
            return await Execution.ExecuteAsync(started, "/bin/" + arguments[0], arguments);
        }));
    }

    /// <summary>Runs a command to its end.</summary>
    public Task<Outcome> RunAsync(IReadOnlyList<string> arguments, string input = "", string directory = "/", int mostOutput = 1 << 24) => OnSchedulerAsync(async () =>
    {
        var (output, errors) = (new ByteSink(mostOutput), new ByteSink(mostOutput));
        var (_, end) = Begin(arguments, new ByteSource(ByteText.ToBytes(ByteText.FromText(input))), output, errors, directory);
        var status = await end.WaitAsync(TimeSpan.FromSeconds(30));
        return new Outcome(ByteText.ToText(ByteText.FromBytes(output.Bytes)), ByteText.ToText(ByteText.FromBytes(errors.Bytes)), status);
    });

    /// <summary>Runs a text with <c>sh -c</c>.</summary>
    public Task<Outcome> ShellAsync(string text, string input = "") => RunAsync(["sh", "-c", ByteText.FromText(text)], input);

    private sealed class NoNetwork : IPodNetwork
    {
        public IPAddress? Address => null;

        public ValueTask<DnsAnswer> QueryAsync(DnsQuestion question, CancellationToken cancellation) => new(new DnsAnswer(false, []));

        public ValueTask<IOpenFile> ConnectAsync(IPEndPoint to, CancellationToken cancellation) => throw new FileException(Errno.ENETUNREACH);

        public ValueTask<TimeSpan?> EchoAsync(IPAddress to, CancellationToken cancellation) => new((TimeSpan?)null);

        public IPodListener Listen(int port) => throw new FileException(Errno.EADDRINUSE);
    }
}
