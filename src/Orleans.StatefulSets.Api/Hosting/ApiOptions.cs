namespace Orleans.StatefulSets.Api.Hosting;

/// <summary>Every bound of the REST API, with its unit. The defaults are kube-apiserver's where it has one.</summary>
public sealed class ApiOptions
{
    /// <summary>The largest request body, in bytes on the wire (kube-apiserver's <c>MaxRequestBodyBytes</c>): beyond it 413.</summary>
    public int MaxBodyBytes { get; set; } = 3 * 1024 * 1024;

    /// <summary>The largest sum of a request's headers, in bytes.</summary>
    public int MaxHeaderBytes { get; set; } = 64 * 1024;

    /// <summary>How many bytes a watch puts into one write before it lets the client catch up.</summary>
    public int MaxWatchBufferBytes { get; set; } = 64 * 1024;

    /// <summary>Reads that are served at once (kube-apiserver's <c>--max-requests-inflight</c>); long-running requests do not count.</summary>
    public int MaxRequestsInFlight { get; set; } = 400;

    /// <summary>Writes that are served at once (kube-apiserver's <c>--max-mutating-requests-inflight</c>); a body of n times 64 KiB counts n more.</summary>
    public int MaxMutatingRequestsInFlight { get; set; } = 200;

    /// <summary>Reads, and as many writes, that may wait to be served; beyond it 429.</summary>
    public int MaxRequestsQueued { get; set; } = 4000;

    /// <summary>How long a request may wait to be served; after it 429.</summary>
    public TimeSpan QueuePatience { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Connections that are open at once; more are closed as they come. Never more than the process may open files.</summary>
    public int MaxConnections { get; set; } = 20_000;

    /// <summary>
    /// Sessions of <c>exec</c>, <c>attach</c> and <c>port-forward</c> that are open at once; beyond it 429. Never more than a quarter of
    /// the files that the process may open.
    /// </summary>
    public int MaxStreamSessions { get; set; } = 2000;

    /// <summary>How long such a session may stand still before it is ended (a kubelet's <c>streamingConnectionIdleTimeout</c>).</summary>
    public TimeSpan StreamIdleTimeout { get; set; } = TimeSpan.FromHours(4);

    /// <summary>How long a connection without a request stays open.</summary>
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(130);

    /// <summary>How long the headers of a request may take to arrive (kube-apiserver's <c>ReadHeaderTimeout</c>).</summary>
    public TimeSpan RequestHeadersTimeout { get; set; } = TimeSpan.FromSeconds(32);

    /// <summary>The least bytes a second at which a body must come, and an answer be taken, after <see cref="TransferGrace"/>.</summary>
    public int MinTransferRate { get; set; } = 240;

    /// <summary>How long a body or an answer (of any request but a watch) may stand still.</summary>
    public TimeSpan TransferGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the client of a watch or of a log may leave what was sent to it unread before its connection is closed.</summary>
    public TimeSpan WatchStallPatience { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a silent connection is trusted before it is probed (TCP keep-alive); a client that vanished is found out a minute after.</summary>
    public TimeSpan ConnectionProbeAfter { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long any request but a long-running one (a watch, a log, a session in a pod) may take.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How much longer such a request may take once the server stops: what is left of the time to stop is its successor's and the silo's.</summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>How long a read waits for a version that this process has not seen yet (the watch cache's <c>blockTimeout</c>).</summary>
    public TimeSpan FutureVersionTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// The shortest life of a watch that names no <c>timeoutSeconds</c>; each one lives up to twice as long.
    /// Long, because <c>kubectl get -w</c> ends when the server closes.
    /// </summary>
    public TimeSpan MinWatchTimeout { get; set; } = TimeSpan.FromHours(6);

    /// <summary>How often a watch that allows bookmarks gets one.</summary>
    public TimeSpan BookmarkInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Answers of at least this many bytes are compressed for clients that accept gzip.</summary>
    public int CompressFromBytes { get; set; } = 128 * 1024;

    /// <summary>How often a taken name made from <c>generateName</c> is tried anew.</summary>
    public int MaxNameGenerationAttempts { get; set; } = 8;

    /// <summary>Whether only <c>/livez</c>, <c>/readyz</c> and <c>/healthz</c> are answered: the API is in other processes.</summary>
    public bool HealthOnly { get; set; }

    /// <summary>Host names and addresses, without port, by which the server may be called besides the loopback ones.</summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>Origins (<c>https://example.org</c>) of web pages that may call, besides pages that this server serves itself.</summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>The bearer token that clients may show, or null. A client that shows another one is refused.</summary>
    public string? BearerToken { get; set; }

    /// <summary>Whether clients from other machines need no token. Clients on this machine never need one.</summary>
    public bool AllowAnonymousRemote { get; set; }
}
