using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Orleans.StatefulSets.Api.Requests;
using Orleans.StatefulSets.Api.Responses;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Api.Discovery;

/// <summary><c>/api</c>, <c>/apis</c> and what lies right below them.</summary>
internal sealed class DiscoveryPages(Answers answers)
{
    private readonly ConcurrentDictionary<(bool IsCore, string Version), (byte[] Body, string ETag)> aggregated = new();

    /// <summary>Answers a path of discovery; false where the path is none, or names nothing that is served.</summary>
    public async Task<bool> TryAnswerAsync(HttpContext http, string[] segments)
    {
        if (segments.Length == 1)
        {
            await RootAsync(http, isCore: segments[0] == "api");
            return true;
        }

        var document = segments switch
        {
            ["api", var version] => LegacyDiscovery.Resources("", version),
            ["apis", var group] => LegacyDiscovery.Group(group),
            ["apis", var group, var version] => LegacyDiscovery.Resources(group, version),
            _ => null,
        };
        if (document is null)
        {
            return false;
        }

        await PlainAsync(http, document);
        return true;
    }

    /// <summary>What a browser sees that was pointed at the server: the paths there are, as an API server lists them.</summary>
    public Task PathsAsync(HttpContext http) => PlainAsync(http, new JsonObject
    {
        ["paths"] = new JsonArray([.. ServedResource.Groups
            .Select(group => group.Key.Group.Length == 0 ? $"/api/{group.Key.Version}" : $"/apis/{group.Key.Group}/{group.Key.Version}")
            .Concat(["/api", "/apis", "/healthz", "/livez", "/openapi/v2", "/openapi/v3", "/readyz", "/version"])
            .Order(StringComparer.Ordinal).Select(path => (JsonNode)path)]),
    });

    private async Task RootAsync(HttpContext http, bool isCore)
    {
        http.Response.Headers.Append("Vary", "Accept");
        foreach (var type in MediaType.ParseAccept(http.Request.Headers.Accept.ToString()))
        {
            if (IsAggregated(type))
            {
                await AggregatedAsync(http, isCore, type.Parameter("v"));
                return;
            }

            if (type.Name is "application/json" or "*/*" or "application/*" && type.Parameter("as").Length == 0)
            {
                break;
            }
        }

        await PlainAsync(http, isCore ? LegacyDiscovery.Versions(http.Request.Host.Value ?? "") : LegacyDiscovery.Groups());
    }

    private async Task AggregatedAsync(HttpContext http, bool isCore, string version)
    {
        var (body, etag) = aggregated.GetOrAdd((isCore, version), key =>
        {
            var bytes = ObjectJson.Encode(AggregatedDiscovery.Document(key.IsCore, key.Version));
            return (bytes, $"\"{Convert.ToHexString(SHA512.HashData(bytes))}\"");
        });
        http.Response.Headers.ETag = etag;
        http.Response.Headers.CacheControl = "public";
        if (http.Request.Headers.IfNoneMatch == etag)
        {
            http.Response.StatusCode = 304;
            return;
        }

        http.Response.ContentType = $"application/json;g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList";
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    private Task PlainAsync(HttpContext http, JsonObject document) => answers.JsonAsync(
        http, ResponseFormat.Negotiate(http.Request, new ApiQuery(http.Request.Query), isWatch: false), ObjectJson.Encode(document), 200, http.RequestAborted);

    private static bool IsAggregated(MediaType type) =>
        type.Name == "application/json"
        && type.Parameter("g") == "apidiscovery.k8s.io"
        && type.Parameter("v") is "v2" or "v2beta1"
        && type.Parameter("as") == "APIGroupDiscoveryList";
}
