using System.Globalization;
using Orleans.StatefulSets.Grains.Files;
using Orleans.StatefulSets.Reconciliation.Pods;
using static Orleans.StatefulSets.Server.Options.SettingValues;

namespace Orleans.StatefulSets.Server.Options;

/// <summary>
/// Every option, in the order in which they are read: <c>latency</c> stands before the single latencies that refine it.
/// </summary>
internal static class Settings
{
    public const string ConfigName = "config";

    private const string TimeGroup = "Time";

    private static readonly TimeSpan LongestLatency = TimeSpan.FromHours(1);

    public static IReadOnlyList<Setting> All { get; } = [.. Api(), .. Storage(), .. Nodes(), .. Names(), .. Time(), .. Bounds(), .. PodSettings.All(), .. SiloSettings.All(), .. Program()];

    private static IEnumerable<Setting> Api()
    {
        yield return new()
        {
            Group = "Kubernetes API",
            Name = "urls",
            Placeholder = "URL",
            Explanation = "where the API listens, http only; several divided by ';'. Nobody needs a token (one that is shown must be the kubeconfig's): keep it on a loopback address unless the network is yours",
            Default = options => string.Join(';', options.Urls.Select(UrlText.Write)),
            Apply = (options, text) => options with { Urls = UrlText.Parse(text) },
        };
        yield return new()
        {
            Group = "Kubernetes API",
            Name = "hosts",
            Placeholder = "NAMES",
            Explanation = "names and addresses, divided by commas, by which clients may call the API besides loopback ones and those of --urls: a request that names another host is refused, so that no web page can drive the cluster",
            Default = options => string.Join(',', options.Hosts),
            Apply = (options, text) => options with { Hosts = [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(HostName)] },
        };
    }

    private static IEnumerable<Setting> Storage()
    {
        const string group = "Storage";
        yield return new()
        {
            Group = group,
            Name = "data",
            Placeholder = "DIR",
            Explanation = "folder of the SQLite database and of the kubeconfig, made if it is missing; relative to the current folder, so that each folder you start in is a cluster of its own",
            Default = options => options.DataDirectory,
            Apply = (options, text) => options with { DataDirectory = Folder(text) },
        };
        yield return new()
        {
            Group = group,
            Name = "storage",
            Placeholder = "sqlite|postgres|memory",
            Explanation = "sqlite keeps everything in --data across restarts, postgres in the database that --connection-string names; memory begins empty each time",
            Default = options => options.Storage.ToString().ToLowerInvariant(),
            Apply = (options, text) => options with { Storage = Choice(text, ("sqlite", StorageKind.Sqlite), ("postgres", StorageKind.Postgres), ("memory", StorageKind.Memory)) },
        };
        yield return new()
        {
            Group = group,
            Name = "connection-string",
            Placeholder = "TEXT",
            Explanation = "how to reach PostgreSQL 14 or newer: 'Host=…;Username=…;Password=…;Database=…'; others see a command line, so give a password in the environment or in the file",
            Apply = (options, text) => options with { ConnectionString = Postgres(text) },
        };
        yield return new()
        {
            Group = group,
            Name = "database-timeout",
            Placeholder = "DURATION",
            Explanation = "how long PostgreSQL may take for one statement, 1s to 5m of real time",
            Default = options => DurationText.Write(options.DatabaseTimeout),
            Apply = (options, text) => options with { DatabaseTimeout = Duration(text, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)) },
        };
        yield return new()
        {
            Group = group,
            Name = "synchronous",
            Placeholder = "normal|full",
            Explanation = "what an acknowledged write survives with sqlite: normal a kill -9, full a power cut too (a lone write then costs several times more)",
            Default = options => options.Synchronous.ToString().ToLowerInvariant(),
            Apply = (options, text) => options with { Synchronous = Choice(text, ("normal", DurabilityLevel.Normal), ("full", DurabilityLevel.Full)) },
        };
        yield return new()
        {
            Group = group,
            Name = "file-sync",
            Placeholder = "committed|relaxed",
            Explanation = "when a command that wrote to a volume returns: committed once its files are stored, relaxed at once (they are stored within a second or so)",
            Default = options => options.FileSync.ToString().ToLowerInvariant(),
            Apply = (options, text) => options with { FileSync = Choice(text, ("committed", FileSync.Committed), ("relaxed", FileSync.Relaxed)) },
        };
        yield return new()
        {
            Group = group,
            Name = "files-bytes",
            Placeholder = "SIZE",
            Explanation = "what the files of all volumes and nodes together may take, 1MiB to 1024GiB; 1GiB unless given with --storage memory. Beyond it pods get 'No space left on device'",
            Default = options => SizeText.Write(options.MostFilesBytes),
            Apply = (options, text) => options with { FilesBytes = Size(text, SizeText.MiB, 1024 * SizeText.GiB) },
        };
    }

    private static IEnumerable<Setting> Nodes()
    {
        const string group = "Nodes";
        yield return new()
        {
            Group = group,
            Name = "nodes",
            Placeholder = "N",
            Explanation = "number of emulated nodes, 1 to 10000",
            Default = options => Text(options.NodeCount),
            Apply = (options, text) => options with { NodeCount = WholeNumber(text, 1, 10_000) },
        };
        yield return new()
        {
            Group = group,
            Name = "pods-per-node",
            Placeholder = "N",
            Explanation = "pods that a node takes, 1 to 250",
            Default = options => Text(options.PodsPerNode),
            Apply = (options, text) => options with { PodsPerNode = WholeNumber(text, 1, 250) },
        };
    }

    private static IEnumerable<Setting> Names()
    {
        const string group = "DNS";
        yield return new()
        {
            Group = group,
            Name = "dns-address",
            Placeholder = "ADDRESS",
            Explanation = "the address of kube-dns in a new cluster, one of Services' range 10.96.0.0/12, or of 10.0.0.0/8 where no node's pods have it; a stored cluster keeps the one that it has",
            Default = options => options.DnsAddress,
            Apply = (options, text) => options with { DnsAddress = ServiceAddress(text) },
        };
        yield return new()
        {
            Group = group,
            Name = "dns",
            Placeholder = "ADDRESS:PORT",
            Explanation = "serve the cluster's names on this machine too, over UDP and TCP, such as 127.0.0.1:10053; nowhere unless it is said",
            Apply = (options, text) => options with { Dns = EndPoint(text) },
        };
    }

    private static IEnumerable<Setting> Time()
    {
        yield return new()
        {
            Group = TimeGroup,
            Name = "latency",
            Placeholder = "realistic|none",
            Explanation = "how long the steps of a pod's life take: as on a small real cluster, or no time at all; the options below change single steps",
            Default = _ => "realistic",
            Apply = (options, text) => Choice(text, ("realistic", true), ("none", false))
                ? options with { PodLatencies = PodLatencies.Realistic, VolumeProvisionLatency = ServerOptions.RealisticVolumeProvision }
                : options with { PodLatencies = PodLatencies.None, VolumeProvisionLatency = TimeSpan.Zero },
        };
        yield return PodLatency("image-pull", "pulling an image that the node does not have yet", l => l.ImagePull, (l, d) => l with { ImagePull = d });
        yield return PodLatency("container-start", "creating and starting a container", l => l.ContainerStart, (l, d) => l with { ContainerStart = d });
        yield return Latency("volume-provision", "making the volume for a claim", o => o.VolumeProvisionLatency, (o, d) => o with { VolumeProvisionLatency = d });
        yield return PodLatency("volume-attach", "attaching and mounting a pod's volumes", l => l.VolumeAttach, (l, d) => l with { VolumeAttach = d });
        yield return PodLatency("graceful-stop", "a container's way from SIGTERM to its end", l => l.GracefulStop, (l, d) => l with { GracefulStop = d });
        yield return new()
        {
            Group = TimeGroup,
            Name = "speed",
            Placeholder = "X",
            Explanation = "simulated seconds a real second, 0.001 to 100000; 1 is real time",
            Default = options => options.Speed.ToString(CultureInfo.InvariantCulture),
            Apply = (options, text) => options with { Speed = Number(text, 0.001, 100_000) },
        };
    }

    private static Setting PodLatency(
        string step, string explanation, Func<PodLatencies, TimeSpan> read, Func<PodLatencies, TimeSpan, PodLatencies> write) => Latency(
            step,
            explanation,
            options => read(options.PodLatencies),
            (options, duration) => options with { PodLatencies = write(options.PodLatencies, duration) });

    private static Setting Latency(
        string step, string explanation, Func<ServerOptions, TimeSpan> read, Func<ServerOptions, TimeSpan, ServerOptions> write) => new()
        {
            Group = TimeGroup,
            Name = $"latency-{step}",
            Placeholder = "DURATION",
            Explanation = $"{explanation}, 0 to {DurationText.Write(LongestLatency)} of simulated time",
            Default = options => DurationText.Write(read(options)),
            Apply = (options, text) => write(options, Duration(text, TimeSpan.Zero, LongestLatency)),
        };

    private static IEnumerable<Setting> Bounds()
    {
        const string group = "Bounds";
        yield return new()
        {
            Group = group,
            Name = "max-requests-inflight",
            Placeholder = "N",
            Explanation = "reads served at once, 1 to 100000; watches do not count, more wait in a queue",
            Default = options => Text(options.MaxRequestsInFlight),
            Apply = (options, text) => options with { MaxRequestsInFlight = WholeNumber(text, 1, 100_000) },
        };
        yield return new()
        {
            Group = group,
            Name = "max-mutating-requests-inflight",
            Placeholder = "N",
            Explanation = "writes served at once, 1 to 100000; a body of n times 64KiB counts n more, and more wait in a queue",
            Default = options => Text(options.MaxMutatingRequestsInFlight),
            Apply = (options, text) => options with { MaxMutatingRequestsInFlight = WholeNumber(text, 1, 100_000) },
        };
        yield return new()
        {
            Group = group,
            Name = "max-requests-queued",
            Placeholder = "N",
            Explanation = "reads, and as many writes, that wait to be served, 0 to 100000; beyond it a client gets 429 and comes back after a second",
            Default = options => Text(options.MaxRequestsQueued),
            Apply = (options, text) => options with { MaxRequestsQueued = WholeNumber(text, 0, 100_000) },
        };
        yield return new()
        {
            Group = group,
            Name = "max-queue-wait",
            Placeholder = "DURATION",
            Explanation = "how long a request waits to be served before it gets 429, 10ms to 30s of real time",
            Default = options => DurationText.Write(options.MaxQueueWait),
            Apply = (options, text) => options with { MaxQueueWait = Duration(text, TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(30)) },
        };
        yield return new()
        {
            Group = group,
            Name = "max-connections",
            Placeholder = "N",
            Explanation = "connections open at once, watches included, 10 to 1000000; more are closed as they come. Never more than the process may open files (ulimit -n) less 512",
            Default = options => Text(options.MaxConnections),
            Apply = (options, text) => options with { MaxConnections = WholeNumber(text, 10, 1_000_000) },
        };
        yield return new()
        {
            Group = group,
            Name = "ring-bytes",
            Placeholder = "SIZE",
            Explanation = "recent changes remembered for watches that come back, 1MiB to 16GiB; a watch from before them gets 410 and lists again",
            Default = options => SizeText.Write(options.RingBytes),
            Apply = (options, text) => options with { RingBytes = Size(text, SizeText.MiB, 16 * SizeText.GiB) },
        };
        yield return new()
        {
            Group = group,
            Name = "watch-buffer",
            Placeholder = "N",
            Explanation = "changes that a slow watch may leave unread before it is closed, 100 to 1000000",
            Default = options => Text(options.WatchBufferChanges),
            Apply = (options, text) => options with { WatchBufferChanges = WholeNumber(text, 100, 1_000_000) },
        };
        yield return new()
        {
            Group = group,
            Name = "watch-buffer-bytes",
            Placeholder = "SIZE",
            Explanation = "bytes of changes that a slow watch may leave unread before it is closed, 1MiB to 16GiB; slow watches of one kind share them",
            Default = options => SizeText.Write(options.WatchBufferBytes),
            Apply = (options, text) => options with { WatchBufferBytes = Size(text, SizeText.MiB, 16 * SizeText.GiB) },
        };
        yield return new()
        {
            Group = group,
            Name = "event-ttl",
            Placeholder = "DURATION",
            Explanation = "how long Events are kept, 1s to 720h of simulated time",
            Default = options => DurationText.Write(options.EventTimeToLive),
            Apply = (options, text) => options with { EventTimeToLive = Duration(text, TimeSpan.FromSeconds(1), TimeSpan.FromHours(720)) },
        };
        yield return new()
        {
            Group = group,
            Name = "max-events",
            Placeholder = "N",
            Explanation = "Events kept before the oldest go, 100 to 1000000",
            Default = options => Text(options.MaxEvents),
            Apply = (options, text) => options with { MaxEvents = WholeNumber(text, 100, 1_000_000) },
        };
    }

    private static IEnumerable<Setting> Program()
    {
        const string group = "Program";
        yield return new()
        {
            Group = group,
            Name = ConfigName,
            Placeholder = "FILE",
            Explanation = "a JSON file of options without their dashes: {\"nodes\": 5, \"latency-image-pull\": \"500ms\"}",
            Apply = (options, _) => options,
        };
        yield return new()
        {
            Group = group,
            Name = "verbose",
            Explanation = "print logs, and traces with errors",
            Apply = (options, text) => options with { Verbose = Flag(text) },
        };
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
