using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Orleans.StatefulSets.Api.Discovery;
using Orleans.StatefulSets.Api.Requests;
using Orleans.StatefulSets.Api.Responses;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Api.OpenApi;

/// <summary><c>/openapi/v2</c> and <c>/openapi/v3</c>.</summary>
internal sealed class OpenApiPages(Answers answers)
{
    // Document{swagger: "2.0", info: {title: "Kubernetes", version: "v1.33.0"}, paths: {}, definitions: {}} in protobuf. It names no
    // kinds, so kubectl leaves the validation of fields to the server.
    private static readonly byte[] SecondVersion = Convert.FromHexString("0a03322e3012150a0a4b756265726e65746573120776312e33332e3042004a00");

    private readonly IReadOnlyDictionary<string, Lazy<byte[]>> documents = ServedResource.Groups.ToDictionary(
        group => group.Key.Group.Length == 0 ? $"api/{group.Key.Version}" : $"apis/{group.Key.Group}/{group.Key.Version}",
        group => new Lazy<byte[]>(() => ObjectJson.Encode(ThirdVersion.Document([.. group]))));

    /// <summary>Answers a path below <c>/openapi</c>; false where there is nothing.</summary>
    public async Task<bool> TryAnswerAsync(HttpContext http, string[] segments)
    {
        if (segments is ["openapi", "v2"])
        {
            await SecondAsync(http);
            return true;
        }

        if (segments is ["openapi", "v3"])
        {
            await SendAsync(http, ObjectJson.Encode(Index()));
            return true;
        }

        if (segments is not ["openapi", "v3", ..] || !documents.TryGetValue(string.Join('/', segments[2..]), out var document))
        {
            return false;
        }

        http.Response.Headers.ETag = ETag(document.Value);
        await SendAsync(http, document.Value);
        return true;
    }

    private async Task SecondAsync(HttpContext http)
    {
        var types = MediaType.ParseAccept(http.Request.Headers.Accept.ToString());
        if (types.FirstOrDefault(type => type.Name.StartsWith("application/com.github.proto-openapi.spec.v2", StringComparison.Ordinal)) is not null)
        {
            http.Response.ContentType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";
            http.Response.ContentLength = SecondVersion.Length;
            await http.Response.Body.WriteAsync(SecondVersion, http.RequestAborted);
            return;
        }

        if (types.Count > 0 && !types.Any(type => type.Name is "application/json" or "application/*" or "*/*"))
        {
            throw ApiErrors.NotAcceptable("only the following media types are accepted: application/json, application/com.github.proto-openapi.spec.v2@v1.0+protobuf");
        }

        await SendAsync(http, ObjectJson.Encode(new JsonObject
        {
            ["swagger"] = "2.0",
            ["info"] = new JsonObject { ["title"] = "Kubernetes", ["version"] = "v1.33.0" },
            ["paths"] = new JsonObject(),
            ["definitions"] = new JsonObject(),
        }));
    }

    // The hash says when a document may be taken from a cache. It is of the program, not of the document: making all of them only to
    // list them would cost every first kubectl most of a second.
    private JsonObject Index()
    {
        var hash = typeof(OpenApiPages).Assembly.ManifestModule.ModuleVersionId.ToString("N").ToUpperInvariant();
        return new JsonObject
        {
            ["paths"] = new JsonObject(documents.Keys.Select(path => KeyValuePair.Create<string, JsonNode?>(
                path, new JsonObject { ["serverRelativeURL"] = $"/openapi/v3/{path}?hash={hash}" }))),
        };
    }

    private static string ETag(byte[] body) => $"\"{Convert.ToHexString(SHA512.HashData(body))}\"";

    private Task SendAsync(HttpContext http, byte[] json) => answers.JsonAsync(http, ResponseFormat.Json, json, 200, http.RequestAborted);
}
