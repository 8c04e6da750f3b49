using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Orleans.StatefulSets.Api.Hosting;
using Orleans.StatefulSets.Resources.Errors;

namespace Orleans.StatefulSets.Api.Streams.Upgrades;

/// <summary>Turns a request's connection into what its client asked for. From then on the request has no other answer.</summary>
internal sealed class ConnectionUpgrade(ApiServices api)
{
    // RFC 6455, 1.3: what a server adds to a client's key, to prove that it speaks the protocol.
    private const string Proof = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private const int KeyBytes = 16;

    /// <summary>Answers a SPDY/3.1 upgrade.</summary>
    public async Task<Stream> ToSpdyAsync(HttpContext http, string protocol)
    {
        http.Response.Headers.Upgrade = "SPDY/3.1";
        http.Response.Headers["X-Stream-Protocol-Version"] = protocol;
        return await UpgradeAsync(http);
    }

    /// <summary>
    /// Answers a WebSocket upgrade. The handshake is made by hand: the framework's own takes no protocol with a slash in its name, as
    /// tunnelled port-forwards have.
    /// </summary>
    /// <param name="http">The request.</param>
    /// <param name="protocol">The subprotocol; "" where the client offered none.</param>
    /// <exception cref="ApiException">400: not a WebSocket handshake of version 13.</exception>
    public async Task<WebSocket> ToWebSocketAsync(HttpContext http, string protocol)
    {
        var headers = http.Request.Headers;
        if (headers.SecWebSocketVersion != "13" || headers.SecWebSocketKey.ToString() is not { } key || !IsKey(key))
        {
            throw ApiErrors.BadRequest("the WebSocket handshake is not one of version 13");
        }

        http.Response.Headers.Upgrade = "websocket";
        http.Response.Headers.SecWebSocketAccept = Answer(key);
        if (protocol.Length > 0)
        {
            http.Response.Headers.SecWebSocketProtocol = protocol;
        }

        // Who has vanished is found out by the connection's own probes; kubectl sends pings besides.
        return WebSocket.CreateFromStream(
            await UpgradeAsync(http), new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = Timeout.InfiniteTimeSpan });
    }

    private async Task<Stream> UpgradeAsync(HttpContext http)
    {
        // Somebody's terminal may stand still for as long as it likes: what bounds it is the limit of idleness.
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        var stream = await http.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        return new IdleLimitedStream(stream, api.Options.StreamIdleTimeout, api.Time, http.Abort);
    }

    private static bool IsKey(string key)
    {
        Span<byte> bytes = stackalloc byte[KeyBytes];
        return Convert.TryFromBase64String(key, bytes, out var count) && count == KeyBytes;
    }

    // The protocol prescribes this hash; it protects nothing.
    private static string Answer(string key) => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + Proof)));
}
