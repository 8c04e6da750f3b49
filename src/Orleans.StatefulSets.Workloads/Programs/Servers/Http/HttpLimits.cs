namespace Orleans.StatefulSets.Workloads.Programs.Servers.Http;

/// <summary>The bounds of what a server takes from a client. The defaults are nginx's.</summary>
internal sealed record HttpLimits
{
    /// <summary>Bytes of the first line, and of any header: <c>large_client_header_buffers 4 8k</c>.</summary>
    public int LineBytes { get; init; } = 8192;

    /// <summary>Bytes of all headers.</summary>
    public int HeadBytes { get; init; } = 4 * 8192;

    /// <summary>How long a client may take for a request's head, simulated time.</summary>
    public TimeSpan HeadWithin { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a client may wait between two pieces of a body, simulated time.</summary>
    public TimeSpan BodyWithin { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a client may leave what is sent to it unread, simulated time.</summary>
    public TimeSpan SendWithin { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a connection stays open without a request, simulated time.</summary>
    public TimeSpan IdleWithin { get; init; } = TimeSpan.FromSeconds(65);

    /// <summary>Requests of one connection.</summary>
    public int Requests { get; init; } = 1000;

    /// <summary>
    /// Bytes of a body that nobody wants which are passed over, so that the client gets around to reading its answer and the connection can
    /// be used again; beyond, it closes.
    /// </summary>
    public long PassedOverBytes { get; init; } = 64 << 20;
}
