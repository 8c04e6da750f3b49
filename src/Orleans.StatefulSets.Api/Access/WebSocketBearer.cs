using System.Buffers.Text;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Orleans.StatefulSets.Api.Access;

/// <summary>
/// A bearer token among the subprotocols of a WebSocket (<c>base64url.bearer.authorization.k8s.io.…</c>): a web page can set no header
/// for it.
/// </summary>
internal static class WebSocketBearer
{
    private const string Prefix = "base64url.bearer.authorization.k8s.io.";

    /// <summary>Whether a subprotocol is none, but a token.</summary>
    public static bool IsToken(string protocol) => protocol.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The token; null where there is none, and "", which is nobody's, where it is not spelled as one.</summary>
    public static string? Read(HttpRequest request)
    {
        if (!request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase)
            || Array.Find(request.Headers.GetCommaSeparatedValues("Sec-WebSocket-Protocol"), IsToken) is not { } found)
        {
            return null;
        }

        var encoded = found.AsSpan(Prefix.Length);
        return Base64Url.IsValid(encoded) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(encoded)) : "";
    }
}
