using System.Text.Json;
using k8s.Models;

namespace Orleans.StatefulSets.Resources.Decoding;

/// <summary>The apiVersion and kind that a body names, and whether they are those that the URL expects.</summary>
internal readonly record struct BodyKind(string Group, string Version, string Kind)
{
    private const string AnonymousStruct = "struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }";

    private static readonly Lazy<HashSet<(string ApiVersion, string Kind)>> Registered = new(() =>
        [.. typeof(V1Pod).Assembly.GetExportedTypes().SelectMany(RegisteredNames)]);

    /// <summary>Reads the two fields, taking what is missing from the target; or says what keeps the body from having a kind at all.</summary>
    public static BodyKind Read(ReadOnlySpan<byte> json, DecodeTarget target, out string? wrong)
    {
        var (apiVersion, kind) = ("", "");
        wrong = ReadNames(json, ref apiVersion, ref kind);
        if (wrong is not null)
        {
            return default;
        }

        var slash = apiVersion.Split('/');
        if (slash.Length > 2)
        {
            wrong = $"unexpected GroupVersion string: {apiVersion}";
            return default;
        }

        var (group, version) = slash.Length == 2 ? (slash[0], slash[1]) : ("", slash[0]);
        return new BodyKind(
            group.Length == 0 && version.Length == 0 ? target.Group : group,
            version.Length == 0 && (group.Length == 0 || group == target.Group) ? target.Version : version,
            kind.Length == 0 ? target.Kind : kind);
    }

    /// <summary>What an API server says of a body of another kind (the reason after "cannot be handled as"), or null.</summary>
    public string? Misfit(DecodeTarget target)
    {
        if (IsOf(target) || (Kind == target.Kind && Registered.Value.Contains((ApiVersion, Kind))))
        {
            return null;
        }

        if (!Registered.Value.Contains((ApiVersion, Kind)))
        {
            return $"no kind \"{Kind}\" is registered for version \"{ApiVersion}\" in scheme \"pkg/api/legacyscheme/scheme.go:30\"";
        }

        var hub = target.Group.Length == 0 ? "core" : target.Group.Split('.')[0];
        return $"converting ({Version}.{Kind}) to ({hub}.{target.Kind}): unknown conversion";
    }

    public bool IsOf(DecodeTarget target) => Group == target.Group && Version == target.Version && Kind == target.Kind;

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    private static string? ReadNames(ReadOnlySpan<byte> json, ref string apiVersion, ref string kind)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = ModelReader.MaxDepth });
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return $"couldn't get version/kind; json parse error: json: cannot unmarshal {NameOf(reader.TokenType)} into Go value of type {AnonymousStruct}";
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isVersion = reader.ValueTextEquals("apiVersion"u8);
            var isKind = reader.ValueTextEquals("kind"u8);
            reader.Read();
            if ((isVersion || isKind) && reader.TokenType is not (JsonTokenType.String or JsonTokenType.Null))
            {
                var field = isVersion ? "apiVersion" : "kind";
                return $"couldn't get version/kind; json parse error: json: cannot unmarshal {NameOf(reader.TokenType)} into Go struct field .{field} of type string";
            }

            if (isVersion)
            {
                apiVersion = reader.GetString() ?? "";
            }
            else if (isKind)
            {
                kind = reader.GetString() ?? "";
            }

            reader.Skip();
        }

        // What follows the object is an error of syntax.
        while (reader.Read())
        {
        }

        return null;
    }

    private static string NameOf(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "object",
        JsonTokenType.StartArray => "array",
        JsonTokenType.Number => "number",
        JsonTokenType.String => "string",
        _ => "bool",
    };

    // The library knows one version of most kinds; the older ones that a 1.33 server still registers are added by hand.
    private static IEnumerable<(string ApiVersion, string Kind)> RegisteredNames(Type type)
    {
        var entity = type.GetCustomAttributes(typeof(KubernetesEntityAttribute), false).Cast<KubernetesEntityAttribute>().FirstOrDefault();
        if (entity is null)
        {
            yield break;
        }

        yield return (string.IsNullOrEmpty(entity.Group) ? entity.ApiVersion : $"{entity.Group}/{entity.ApiVersion}", entity.Kind);
        if (entity is { Group: "apps", ApiVersion: "v1", Kind: "StatefulSet" or "ControllerRevision" or "Deployment" })
        {
            yield return ("apps/v1beta1", entity.Kind);
            yield return ("apps/v1beta2", entity.Kind);
        }
        else if (entity is { Group: "storage.k8s.io", Kind: "StorageClass" } or { Group: "discovery.k8s.io", Kind: "EndpointSlice" })
        {
            yield return ($"{entity.Group}/v1beta1", entity.Kind);
        }
    }
}
