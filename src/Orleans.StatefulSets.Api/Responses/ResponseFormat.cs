using Microsoft.AspNetCore.Http;
using Orleans.StatefulSets.Api.Requests;
using Orleans.StatefulSets.Resources.Errors;

namespace Orleans.StatefulSets.Api.Responses;

/// <summary>In which shape objects are answered.</summary>
internal enum ObjectShape
{
    Whole,
    Table,
    PartialMetadata,
}

/// <summary>What the Accept header came to, as apiserver's <c>handlers/negotiation</c> decides it.</summary>
internal sealed record ResponseFormat
{
    private const string Offered = "only the following media types are accepted: ";

    public static ResponseFormat Json { get; } = new();

    public ObjectShape Shape { get; init; }

    /// <summary>The version of meta.k8s.io for a Table or partial metadata.</summary>
    public string MetaVersion { get; init; } = "v1";

    public bool Yaml { get; init; }

    public bool Pretty { get; init; }

    public string ContentType => Yaml ? "application/yaml" : "application/json";

    /// <exception cref="ApiException">406: nothing of what the client accepts is served.</exception>
    public static ResponseFormat Negotiate(HttpRequest request, ApiQuery query, bool isWatch)
    {
        var pretty = query.Has("pretty") ? query.Flag("pretty") : IsReadByPeople(request.Headers.UserAgent.ToString());
        var header = request.Headers.Accept.ToString();
        if (header.Length == 0)
        {
            return new ResponseFormat { Pretty = pretty };
        }

        foreach (var type in MediaType.ParseAccept(header))
        {
            if (Match(type, isWatch) is { } format)
            {
                return format with { Pretty = pretty };
            }
        }

        throw ApiErrors.NotAcceptable(
            Offered + (isWatch ? "application/json;stream=watch" : "application/json, application/yaml"));
    }

    private static ResponseFormat? Match(MediaType type, bool isWatch)
    {
        var isYaml = type.Name == "application/yaml";
        if (type.Name is not ("application/json" or "application/*" or "*/*") && (!isYaml || isWatch))
        {
            return null;
        }

        var shaped = new ResponseFormat { Yaml = isYaml, MetaVersion = type.Parameter("v") };
        return type.Parameter("as") switch
        {
            "" => new ResponseFormat { Yaml = isYaml },
            "Table" when IsMeta(type) => shaped with { Shape = ObjectShape.Table },
            "PartialObjectMetadata" or "PartialObjectMetadataList" when IsMeta(type) => shaped with { Shape = ObjectShape.PartialMetadata },
            _ => null,
        };
    }

    private static bool IsMeta(MediaType type) => type.Parameter("g") == "meta.k8s.io" && type.Parameter("v") is "v1" or "v1beta1";

    private static bool IsReadByPeople(string userAgent) =>
        userAgent.StartsWith("curl", StringComparison.Ordinal)
        || userAgent.StartsWith("Wget", StringComparison.Ordinal)
        || userAgent.StartsWith("Mozilla/5.0", StringComparison.Ordinal);
}
