using Orleans.StatefulSets.Workloads.Network;

namespace Orleans.StatefulSets.Server.Dns;

/// <summary>A query as it came over the wire (RFC 1035, section 4; RFC 6891 for EDNS).</summary>
internal sealed record DnsQuery
{
    /// <summary>The number that the answer bears too.</summary>
    public required ushort Id { get; init; }

    /// <summary>What is wanted; 0 is a standard query.</summary>
    public required int Opcode { get; init; }

    /// <summary>The client wants others to be asked (RD), which the answer repeats.</summary>
    public bool WantsRecursion { get; init; }

    /// <summary>The one question; null where there is none, or more than one, or it cannot be read.</summary>
    public DnsQuestion? Question { get; init; }

    /// <summary>The question's bytes, name, type and class, as the answer repeats them.</summary>
    public ReadOnlyMemory<byte> QuestionBytes { get; init; }

    /// <summary>The question's class; 1 is the Internet.</summary>
    public int Class { get; init; }

    /// <summary>How many bytes the client takes in a datagram; null where it does not speak EDNS.</summary>
    public int? DatagramBytes { get; init; }

    /// <summary>The version of EDNS that the client speaks; there is 0 only.</summary>
    public int EdnsVersion { get; init; }
}
