using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Orleans.StatefulSets.Api.Requests;
using Orleans.StatefulSets.Api.Responses;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Api.Reviews;

/// <summary>What a caller may and who it is (<c>kubectl auth can-i</c>, <c>auth whoami</c>): whoever gets in here is the administrator.</summary>
internal sealed class SelfReviews(RequestBody bodies, Answers answers)
{
    private const int MaxDepth = 32;

    public static bool Owns(string[] segments) => segments is
        ["apis", "authorization.k8s.io", "v1", "selfsubjectaccessreviews" or "selfsubjectrulesreviews"] or
        ["apis", "authentication.k8s.io", "v1", "selfsubjectreviews"];

    /// <exception cref="ApiException">405, or what is wrong with the body.</exception>
    public async Task AnswerAsync(HttpContext http, string[] segments, CancellationToken cancellation)
    {
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            throw ApiErrors.MethodNotAllowed();
        }

        var kind = segments[3] switch
        {
            "selfsubjectaccessreviews" => "SelfSubjectAccessReview",
            "selfsubjectrulesreviews" => "SelfSubjectRulesReview",
            _ => "SelfSubjectReview",
        };
        var review = Parse(await bodies.ReadObjectAsync(http, kind, cancellation));
        review["kind"] = kind;
        review["apiVersion"] = $"{segments[1]}/v1";
        review["metadata"] = new JsonObject { ["creationTimestamp"] = null };
        review["status"] = Status(segments[3]);
        var format = ResponseFormat.Negotiate(http.Request, new ApiQuery(http.Request.Query), isWatch: false);
        await answers.JsonAsync(http, format, ObjectJson.Encode(review), 201, cancellation);
    }

    private static JsonObject Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonNode.Parse(body.Span, documentOptions: new JsonDocumentOptions { MaxDepth = MaxDepth }) as JsonObject
                ?? throw ApiErrors.BadRequest("the object provided is unrecognized");
        }
        catch (JsonException error)
        {
            throw ApiErrors.BadRequest($"couldn't get version/kind; json parse error: {error.Message}");
        }
    }

    private static JsonObject Status(string resource) => resource switch
    {
        "selfsubjectaccessreviews" => new JsonObject { ["allowed"] = true },
        "selfsubjectrulesreviews" => new JsonObject
        {
            ["resourceRules"] = new JsonArray(new JsonObject { ["verbs"] = Any(), ["apiGroups"] = Any(), ["resources"] = Any() }),
            ["nonResourceRules"] = new JsonArray(new JsonObject { ["verbs"] = Any(), ["nonResourceURLs"] = Any() }),
            ["incomplete"] = false,
        },
        _ => new JsonObject
        {
            ["userInfo"] = new JsonObject
            {
                ["username"] = "kubernetes-admin",
                ["groups"] = new JsonArray("system:masters", "system:authenticated"),
            },
        },
    };

    private static JsonArray Any() => new("*");
}
