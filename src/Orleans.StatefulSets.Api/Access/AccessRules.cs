using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Orleans.StatefulSets.Api.Hosting;
using Orleans.StatefulSets.Api.Responses;

namespace Orleans.StatefulSets.Api.Access;

/// <summary>
/// Who may call. A web page on another site must not drive the cluster: its requests carry its own Origin, and a name of its own
/// that it rebinds to 127.0.0.1 shows in the Host header.
/// </summary>
internal sealed class AccessRules(ApiOptions options)
{
    /// <exception cref="Resources.Errors.ApiException">401 or 403: the caller may not.</exception>
    public void Check(HttpContext http)
    {
        var host = http.Request.Host;
        if (!IsKnownHost(host.Host))
        {
            throw Refusals.Forbidden($"the Host header \"{host.Value}\" names neither a loopback address nor a configured host");
        }

        foreach (var origin in http.Request.Headers.Origin)
        {
            if (!IsOwnOrigin(http.Request, origin ?? "") && !options.AllowedOrigins.Contains(origin ?? "", StringComparer.OrdinalIgnoreCase))
            {
                throw Refusals.Forbidden($"requests from pages of the origin \"{origin}\" are not allowed");
            }
        }

        if (!IsAuthenticated(http))
        {
            throw Refusals.Unauthorized();
        }
    }

    private bool IsKnownHost(string host) => IsLoopbackName(host) || options.AllowedHosts.Contains(host, StringComparer.OrdinalIgnoreCase);

    private static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static bool IsOwnOrigin(HttpRequest request, string origin) =>
        origin.Equals($"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase);

    // A wrong token is refused even on loopback: the client believes that it talks to another cluster.
    private bool IsAuthenticated(HttpContext http)
    {
        if (options.BearerToken is { } token && (ReadHeader(http.Request) ?? WebSocketBearer.Read(http.Request)) is { } shown)
        {
            return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(shown), Encoding.UTF8.GetBytes(token));
        }

        return options.AllowAnonymousRemote || IsLocal(http.Connection.RemoteIpAddress);
    }

    private static string? ReadHeader(HttpRequest request)
    {
        const string scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? header[scheme.Length..].Trim() : null;
    }

    // No address: not a network connection at all but an in-process server.
    private static bool IsLocal(IPAddress? remote) => remote is null || IPAddress.IsLoopback(remote);
}
