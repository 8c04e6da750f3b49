using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Api.Lists;

/// <summary>
/// Where a list in pages goes on, in the form of apiserver's <c>pkg/storage/continue.go</c>: base64 of a version and the last key.
/// </summary>
/// <param name="ResourceVersion">The version of the list's first page, or -1 to go on at the present one.</param>
/// <param name="After">The last key that was given, <c>namespace/name</c>.</param>
internal sealed record ContinueToken(long ResourceVersion, string After)
{
    private const string Version = "meta.k8s.io/v1";

    /// <summary>Goes on at whatever the present is: what is offered where the first page's version is forgotten.</summary>
    public ContinueToken Inconsistent => this with { ResourceVersion = -1 };

    public static ContinueToken Following(StoredObject last, long resourceVersion) => new(resourceVersion, $"{last.Key.Namespace}/{last.Key.Name}");

    /// <exception cref="ApiException">400: not a token of this server.</exception>
    public static ContinueToken Decode(string text)
    {
        try
        {
            var node = JsonNode.Parse(Base64Url.DecodeFromChars(text.AsSpan().TrimEnd('=')))?.AsObject();
            var version = node?["v"]?.GetValue<string>() ?? "";
            var resourceVersion = node?["rv"]?.GetValue<long>() ?? 0;
            var start = node?["start"]?.GetValue<string>().TrimEnd('\0') ?? "";
            return version != Version ? throw Invalid($"server does not recognize this encoded version {version}")
                : resourceVersion == 0 ? throw Invalid($"incorrect encoded start resourceVersion (version {Version})")
                : start.Length == 0 ? throw Invalid($"encoded start key empty (version {Version})")
                : new ContinueToken(resourceVersion, start);
        }
        catch (Exception error) when (error is FormatException or JsonException or InvalidOperationException or ArgumentException)
        {
            throw Invalid("unexpected token");
        }
    }

    private static ApiException Invalid(string why) => ApiErrors.BadRequest($"invalid continue token: continue key is not valid: {why}");

    public string Encode() => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(
        new JsonObject { ["v"] = Version, ["rv"] = ResourceVersion, ["start"] = After + "\0" }));
}
