using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Orleans.StatefulSets.Api.Access;

namespace Orleans.StatefulSets.Api.Streams.Upgrades;

/// <summary>What a connection is to become.</summary>
internal enum UpgradeTarget
{
    /// <summary>The request asks for no upgrade that is known here.</summary>
    None,
    Spdy,
    WebSocket,
}

/// <summary>The upgrade that a client asks for, and the protocols that it would speak then.</summary>
/// <param name="Target">What the connection is to become.</param>
/// <param name="Protocols">By the client's preference.</param>
internal sealed record UpgradeOffer(UpgradeTarget Target, IReadOnlyList<string> Protocols)
{
    private const string SpdyProtocols = "X-Stream-Protocol-Version";

    public static UpgradeOffer Read(HttpContext http)
    {
        var headers = http.Request.Headers;
        var wanted = headers.Upgrade.ToString();
        var target = http.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true } ? UpgradeTarget.None
            : wanted.Equals("websocket", StringComparison.OrdinalIgnoreCase) ? UpgradeTarget.WebSocket
            : wanted.Equals("SPDY/3.1", StringComparison.OrdinalIgnoreCase) ? UpgradeTarget.Spdy
            : UpgradeTarget.None;
        return new UpgradeOffer(target, target switch
        {
            UpgradeTarget.Spdy => headers.GetCommaSeparatedValues(SpdyProtocols),
            UpgradeTarget.WebSocket => [.. headers.GetCommaSeparatedValues("Sec-WebSocket-Protocol").Where(protocol => !WebSocketBearer.IsToken(protocol))],
            _ => [],
        });
    }

    /// <summary>What a client that offers nothing known is told, in the words of apimachinery's <c>httpstream</c> and <c>wsstream</c>.</summary>
    public KubeletRefusal NoneOf(IEnumerable<string> served)
    {
        var (offered, accepted) = ($"[{string.Join(' ', Protocols)}]", $"[{string.Join(' ', served)}]");
        return Target == UpgradeTarget.WebSocket
            ? new KubeletRefusal(403, $"requested protocol(s) are not supported: {offered}; supports {accepted}")
            : Protocols.Count == 0
            ? new KubeletRefusal(400, $"unable to upgrade: {SpdyProtocols} is required")
            : new KubeletRefusal(403, $"unable to upgrade: unable to negotiate protocol: client supports {offered}, server accepts {accepted}");
    }
}
