using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orleans.StatefulSets.Server.Tests.Fuzzing;

/// <summary>What every answer must be.</summary>
internal static class AnswerRules
{
    private static readonly int[] Codes = [200, 201, 202, 400, 401, 403, 404, 405, 406, 409, 410, 413, 415, 422, 429, 503, 504];

    // What the web server refuses before the API sees it, without a body.
    private static readonly int[] RefusedByHttp = [400, 405, 411, 414, 417, 431, 501, 505];

    // Errors that upstream itself gives out as they are, with a code of 500 and without a reason.
    private static readonly string[] PlainErrors =
    [
        "decoded object cannot be converted to DeleteOptions", "resourceVersion should not be set on objects to be created", "strconv.ParseUint: parsing ", "etcdserver: request is too large", "unknown patch type ", "This pod has more than one PodDisruptionBudget",
        "map: map[", "The order in patch list:", "no preferred addresses found; known addresses: []",
    ];

    /// <summary>Says what is wrong with an answer, or null.</summary>
    public static string? Violation(FuzzRequest request, RawAnswer answer)
    {
        if (answer.Code >= 400 && answer.Body.Length == 0)
        {
            return request.Method == "HEAD" || RefusedByHttp.Contains(answer.Code) ? null : $"{answer.Code} without a body";
        }

        if (answer.Code == 500 && IsPlainError(answer))
        {
            return null;
        }

        if (!Codes.Contains(answer.Code))
        {
            return $"the code {answer.Code}";
        }

        return answer.Code >= 400 ? StatusViolation(answer) : BodyViolation(request, answer);
    }

    private static bool IsPlainError(RawAnswer answer) => Parse(answer.Body) is JsonObject status
        && Text(status, "reason") is null && Text(status, "message") is { } message
        && PlainErrors.Any(start => message.StartsWith(start, StringComparison.Ordinal));

    private static string? StatusViolation(RawAnswer answer)
    {
        if (answer.Code == 404 && answer.ContentType.StartsWith("text/plain", StringComparison.Ordinal))
        {
            return answer.Body.AsSpan().SequenceEqual("404 page not found\n"u8) ? null : "a 404 in other words than a web server's";
        }

        if (Parse(answer.Body) is not JsonObject status)
        {
            return $"{answer.Code} with a body that is no JSON object";
        }

        var isStatus = Text(status, "kind") == "Status" && Text(status, "apiVersion") == "v1" && Text(status, "status") == "Failure";
        return !isStatus ? $"{answer.Code} with a body that is no Status"
            : status["code"]?.GetValue<int>() != answer.Code ? $"{answer.Code} with a Status of another code"
            : string.IsNullOrEmpty(Text(status, "reason")) ? $"{answer.Code} without a reason"
            : string.IsNullOrEmpty(Text(status, "message")) ? $"{answer.Code} without a message"
            : null;
    }

    private static string? BodyViolation(FuzzRequest request, RawAnswer answer)
    {
        var isOneDocument = !request.IsWatch && answer.ContentType.StartsWith("application/json", StringComparison.Ordinal)
            && !answer.Headers.ContainsKey("Content-Encoding") && request.Method != "HEAD";
        return isOneDocument && Parse(answer.Body) is null ? $"{answer.Code} with a body that is no JSON" : null;
    }

    private static string? Text(JsonObject node, string field) => node[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static JsonNode? Parse(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
