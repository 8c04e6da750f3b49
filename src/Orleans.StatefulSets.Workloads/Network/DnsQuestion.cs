namespace Orleans.StatefulSets.Workloads.Network;

/// <summary>A question to DNS.</summary>
/// <param name="Name">The full name without the last dot.</param>
/// <param name="Type">What is asked for.</param>
public readonly record struct DnsQuestion(string Name, DnsType Type);

/// <summary>The record types that a cluster's DNS answers with or is asked for by name (their numbers on the wire).</summary>
public enum DnsType
{
    /// <summary>An IPv4 address.</summary>
    A = 1,

    /// <summary>A server of a zone.</summary>
    NS = 2,

    /// <summary>Another name.</summary>
    CNAME = 5,

    /// <summary>What a zone is about: a name that has no record is told by it.</summary>
    SOA = 6,

    /// <summary>The name of an address.</summary>
    PTR = 12,

    /// <summary>A server of mail, which a cluster has none of.</summary>
    MX = 15,

    /// <summary>A text.</summary>
    TXT = 16,

    /// <summary>An IPv6 address.</summary>
    AAAA = 28,

    /// <summary>A port and a name.</summary>
    SRV = 33,

    /// <summary>Whatever there is; the cluster's DNS gives nothing for it.</summary>
    ANY = 255,
}

/// <summary>What DNS answers.</summary>
/// <param name="Exists">False: NXDOMAIN.</param>
/// <param name="Records">The records; none with <paramref name="Exists"/> is NOERROR without data.</param>
public sealed record DnsAnswer(bool Exists, IReadOnlyList<DnsRecord> Records)
{
    /// <summary>The server did not answer in time.</summary>
    public bool TimedOut { get; init; }

    /// <summary>The server knows, as the name is one of its own zone's.</summary>
    public bool IsAuthoritative { get; init; }

    /// <summary>Where there is nothing: the SOA of the zone that says so.</summary>
    public IReadOnlyList<DnsRecord> Authority { get; init; } = [];

    /// <summary>The addresses of the names in <see cref="Records"/>, so that nobody need ask again.</summary>
    public IReadOnlyList<DnsRecord> Additional { get; init; } = [];
}

/// <summary>One record.</summary>
/// <param name="Name">Whose.</param>
/// <param name="Type">Its type.</param>
/// <param name="TimeToLive">Seconds.</param>
/// <param name="Data">
/// An address, a text or a name without the last dot; of SRV <c>priority weight port target</c>, of SOA
/// <c>server mailbox serial refresh retry expire minimum</c>.
/// </param>
public sealed record DnsRecord(string Name, DnsType Type, int TimeToLive, string Data);
