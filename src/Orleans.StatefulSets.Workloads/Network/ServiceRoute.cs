using System.Net;

namespace Orleans.StatefulSets.Workloads.Network;

/// <summary>Where the Service proxy turns a connection.</summary>
public sealed record ServiceRoute
{
    /// <summary>What becomes of a connection.</summary>
    public required ServiceVerdict Verdict { get; init; }

    /// <summary>The endpoints that may get it; none unless the verdict is <see cref="ServiceVerdict.Forward"/>.</summary>
    public IReadOnlyList<RouteTarget> Targets { get; init; } = [];

    /// <summary>The Service keeps a client at one endpoint (<c>sessionAffinity: ClientIP</c>).</summary>
    public bool KeepsClient { get; init; }

    /// <summary>
    /// The endpoint that a connection gets: by chance, or the one that its client has. A client keeps its endpoint as long as that is one;
    /// upstream's proxy lets go of a client that was silent for the Service's timeout, here it is kept, as nothing is remembered of clients.
    /// </summary>
    /// <param name="seed">The cluster's seed.</param>
    /// <param name="connection">The number of the connection: each draws anew.</param>
    /// <param name="client">Who connects.</param>
    /// <returns>The endpoint, or null where the verdict is another than to forward.</returns>
    public RouteTarget? Choose(ulong seed, ulong connection, IPAddress? client)
    {
        if (Targets.Count == 0)
        {
            return null;
        }

        // Each client ranks all endpoints (rendezvous hashing): when one goes, only its own clients move.
        return KeepsClient && client is not null && Ipv4Address.Of(client) is { } address
            ? Targets.MaxBy(target => Chance.Draw(seed ^ address.Number, ((ulong)target.Address.Number << 16) | (uint)target.Port))
            : Targets[Chance.Below(Targets.Count, seed, connection)];
    }
}

/// <summary>What the Service proxy does with a connection.</summary>
public enum ServiceVerdict
{
    /// <summary>It goes to one of the endpoints.</summary>
    Forward,

    /// <summary>The Service has no endpoints: REJECT, which a client sees as ECONNREFUSED.</summary>
    Reject,

    /// <summary>Only endpoints of the client's node may serve and there are none there, or the Service has no such port: nothing answers.</summary>
    Drop,
}

/// <summary>An endpoint as a connection reaches it.</summary>
/// <param name="Address">The pod's address.</param>
/// <param name="Port">The pod's port.</param>
public readonly record struct RouteTarget(Ipv4Address Address, int Port);
