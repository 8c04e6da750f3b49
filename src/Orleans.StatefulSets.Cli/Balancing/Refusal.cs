using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Orleans.StatefulSets.Cli.Balancing;

/// <summary>What a client is told, as an API server would, where no server answers.</summary>
internal sealed record Refusal
{
    public string Kind { get; } = "Status";

    public string ApiVersion { get; } = "v1";

    public string Status { get; } = "Failure";

    public required string Message { get; init; }

    /// <summary>One of Kubernetes' reasons.</summary>
    public required string Reason { get; init; }

    public required int Code { get; init; }

    /// <summary>After how many seconds the client should ask again; null where it should not without thinking.</summary>
    [JsonIgnore]
    public int? RetryAfter { get; init; }

    /// <summary>Nothing was sent to anybody: the client may try again, and kubectl and the client libraries do so by themselves.</summary>
    public static Refusal NobodyThere { get; } = new()
    {
        Message = "no server of the cluster can be reached; nothing was done",
        Reason = "ServiceUnavailable",
        Code = StatusCodes.Status503ServiceUnavailable,
        RetryAfter = 1,
    };

    /// <summary>The server had the request and went away: as after a timeout, it may have been carried out.</summary>
    public static Refusal OutcomeUnknown { get; } = new()
    {
        Message = "the server went away before it answered; whether the request was carried out is not known",
        Reason = "Timeout",
        Code = StatusCodes.Status504GatewayTimeout,
    };

    public Task AnswerAsync(HttpContext http)
    {
        http.Response.StatusCode = Code;
        if (RetryAfter is { } seconds)
        {
            http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return http.Response.WriteAsJsonAsync(this, RefusalJson.Default.Refusal, cancellationToken: http.RequestAborted);
    }
}

/// <summary>How a refusal is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Refusal))]
internal sealed partial class RefusalJson : JsonSerializerContext;
