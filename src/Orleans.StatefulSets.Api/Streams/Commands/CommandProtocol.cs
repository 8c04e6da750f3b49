using Orleans.StatefulSets.Api.Streams.Upgrades;

namespace Orleans.StatefulSets.Api.Streams.Commands;

/// <summary>One of the protocols of <c>exec</c> and <c>attach</c>.</summary>
/// <param name="Name">As clients name it, <c>v4.channel.k8s.io</c>; "" for a WebSocket that names none.</param>
/// <param name="Version">1 to 5: terminals have sizes from 3 on, exit codes come from 4 on, and a WebSocket's input has an end from 5 on.</param>
/// <param name="IsBase64">Messages of the WebSocket are text.</param>
internal sealed record CommandProtocol(string Name, int Version, bool IsBase64 = false)
{
    private static readonly CommandProtocol[] OverSpdy =
    [
        new("v4.channel.k8s.io", 4), new("v3.channel.k8s.io", 3), new("v2.channel.k8s.io", 2), new("channel.k8s.io", 1),
    ];

    private static readonly CommandProtocol[] OverWebSocket =
    [
        new("v5.channel.k8s.io", 5), new("v4.channel.k8s.io", 4), new("v4.base64.channel.k8s.io", 4, IsBase64: true),
        new("channel.k8s.io", 1), new("base64.channel.k8s.io", 1, IsBase64: true), new("", 1),
    ];

    /// <summary>The protocols that are served.</summary>
    public static IReadOnlyList<CommandProtocol> Served(UpgradeTarget target) => target == UpgradeTarget.Spdy ? OverSpdy : OverWebSocket;

    /// <summary>The first one that the client offers and that is served, or null. As with an API server, v5 goes before all others.</summary>
    public static CommandProtocol? Choose(UpgradeOffer offer)
    {
        var served = Served(offer.Target);
        IEnumerable<string> offered = offer is { Target: UpgradeTarget.WebSocket, Protocols.Count: 0 } ? [""] : offer.Protocols;
        return served.FirstOrDefault(protocol => protocol.Version == 5 && offered.Contains(protocol.Name))
            ?? offered.Select(name => served.FirstOrDefault(protocol => protocol.Name == name)).FirstOrDefault(protocol => protocol is not null);
    }

    /// <summary>From v5 on the API server itself speaks with the client, and tells what the kubelet refuses when it has upgraded already.</summary>
    public bool TellsRefusals => Version >= 5;
}
