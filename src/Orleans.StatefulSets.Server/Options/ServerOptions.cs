using System.Net;
using Orleans.StatefulSets.Grains.Files;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Workloads.Dns;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Server.Options;

/// <summary>Everything that can be chosen when the program starts. A property's initial value is the option's default.</summary>
public sealed record ServerOptions
{
    /// <summary>Where the Kubernetes API listens: http, host and port, at least one. The kubeconfig names the first.</summary>
    public IReadOnlyList<Uri> Urls { get; init; } = [new("http://127.0.0.1:8080")];

    /// <summary>Names and addresses by which clients may call, besides loopback ones and those of <see cref="Urls"/>.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>The folder of the journal and of the kubeconfig. The command line makes it absolute.</summary>
    public string DataDirectory { get; init; } = ".data";

    /// <summary>Where the objects are kept.</summary>
    public StorageKind Storage { get; init; } = StorageKind.Sqlite;

    /// <summary>How to reach PostgreSQL, in Npgsql's form. Set with <see cref="StorageKind.Postgres"/> only; there may be a password in it.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>How long one statement to PostgreSQL may take before it is given up.</summary>
    public TimeSpan DatabaseTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>When a commit counts as durable. Means something with <see cref="StorageKind.Sqlite"/> only.</summary>
    public DurabilityLevel Synchronous { get; init; } = DurabilityLevel.Normal;

    /// <summary>When what was written to a volume counts as safe.</summary>
    public FileSync FileSync { get; init; } = FileSync.Committed;

    /// <summary>How many bytes the files of all volumes and nodes together may take; null for what is usual in the storage.</summary>
    public long? FilesBytes { get; init; }

    /// <summary>How many nodes the cluster has, 1 to 10,000.</summary>
    public int NodeCount { get; init; } = 3;

    /// <summary>How many pods each node takes, 1 to 250: a node's address range is a /24, as upstream's node-cidr-mask-size.</summary>
    public int PodsPerNode { get; init; } = 110;

    /// <summary>The address that kube-dns gets in a cluster that has none yet.</summary>
    public string DnsAddress { get; init; } = ClusterDns.DefaultAddress;

    /// <summary>Where the cluster's zone is served over UDP and TCP; null for nowhere.</summary>
    public IPEndPoint? Dns { get; init; }

    /// <summary>How long the steps of a pod's life take on its node, in simulated time.</summary>
    public PodLatencies PodLatencies { get; init; } = PodLatencies.Realistic;

    /// <summary>How long it takes to make the volume for a claim, in simulated time.</summary>
    public TimeSpan VolumeProvisionLatency { get; init; } = RealisticVolumeProvision;

    /// <summary>Simulated seconds a wall second: 1 is wall speed. 0.001 to 100,000.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>What of the cluster runs in this process. Anything but <see cref="ServerRole.All"/> means <see cref="StorageKind.Postgres"/>.</summary>
    public ServerRole Role { get; init; } = ServerRole.All;

    /// <summary>The address, or a name of it, at which other silos and clients of the cluster reach this one.</summary>
    public string SiloAddress { get; init; } = "127.0.0.1";

    /// <summary>The address of this machine at which the silo listens; null for <see cref="SiloAddress"/>.</summary>
    public IPAddress? SiloListen { get; init; }

    /// <summary>Whether this process is a pod of a real Kubernetes cluster, which tells it its name and address.</summary>
    public bool InKubernetes { get; init; }

    /// <summary>How long a silo may leave another's question unanswered, in real time; after three in a row it is suspected.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a process that is asked to stop goes on serving while it says that it is not ready, in real time.</summary>
    public TimeSpan Drain { get; init; }

    /// <summary>The TCP port on which silos talk to each other.</summary>
    public int SiloPort { get; init; } = 11111;

    /// <summary>The TCP port on which Orleans clients reach the silo.</summary>
    public int GatewayPort { get; init; } = 30000;

    /// <summary>How many reads are served at once; kube-apiserver's option of that name.</summary>
    public int MaxRequestsInFlight { get; init; } = 400;

    /// <summary>How many writes are served at once; kube-apiserver's option of that name.</summary>
    public int MaxMutatingRequestsInFlight { get; init; } = 200;

    /// <summary>How many reads, and as many writes, may wait to be served; beyond it 429.</summary>
    public int MaxRequestsQueued { get; init; } = 4000;

    /// <summary>How long a request may wait to be served, in real time; after it 429.</summary>
    public TimeSpan MaxQueueWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many connections are open at once.</summary>
    public int MaxConnections { get; init; } = 20_000;

    /// <summary>How many bytes of recent changes each replica remembers for watches that come back.</summary>
    public long RingBytes { get; init; } = 32 * SizeText.MiB;

    /// <summary>How many unread changes a watch may pile up before it is closed and its client lists again.</summary>
    public int WatchBufferChanges { get; init; } = 50_000;

    /// <summary>How many bytes of unread changes a watch may pile up before it is closed; the watches of a resource share them.</summary>
    public long WatchBufferBytes { get; init; } = 64 * SizeText.MiB;

    /// <summary>How long an Event is kept, in simulated time; upstream's event-ttl.</summary>
    public TimeSpan EventTimeToLive { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How many Events are kept; beyond it the oldest go.</summary>
    public int MaxEvents { get; init; } = 10_000;

    /// <summary>The bounds of what happens inside each pod.</summary>
    public PodLimits PodLimits { get; init; } = new();

    /// <summary>Images that can't be pulled, as a shell's patterns.</summary>
    public IReadOnlyList<string> UnavailableImages { get; init; } = [];

    /// <summary>Whether logs are printed, and traces beside one-line errors.</summary>
    public bool Verbose { get; init; }

    /// <summary>How many bytes the files of all volumes and nodes together may take.</summary>
    internal long MostFilesBytes => FilesBytes ?? (Storage == StorageKind.Memory ? SizeText.GiB : 4 * SizeText.GiB);

    /// <summary>What a small real cluster takes to make a volume.</summary>
    internal static TimeSpan RealisticVolumeProvision { get; } = TimeSpan.FromSeconds(1);
}

/// <summary>What of a cluster runs in a process.</summary>
public enum ServerRole
{
    /// <summary>A silo and the API.</summary>
    All,

    /// <summary>A silo; of HTTP only health and the Orleans dashboard.</summary>
    Silo,

    /// <summary>The API, as a client of the silos.</summary>
    Api,
}

/// <summary>Where the objects are kept.</summary>
public enum StorageKind
{
    /// <summary>A SQLite database in the data folder.</summary>
    Sqlite,

    /// <summary>A PostgreSQL database.</summary>
    Postgres,

    /// <summary>In memory: a restart begins with an empty cluster.</summary>
    Memory,
}

/// <summary>SQLite's <c>synchronous</c>, by what a commit survives.</summary>
public enum DurabilityLevel
{
    /// <summary>Survives <c>kill -9</c>, not a power cut.</summary>
    Normal,

    /// <summary>Survives a power cut too, at several times the cost of a lone commit.</summary>
    Full,
}
