using System.Globalization;
using k8s.Models;
using Microsoft.AspNetCore.Http;
using Orleans.StatefulSets.Resources.Errors;

namespace Orleans.StatefulSets.Api.Responses;

/// <summary>A refusal as a Status. It is always JSON: even a client that accepts nothing here must learn why.</summary>
internal static class StatusAnswer
{
    public static async Task WriteAsync(HttpContext http, ApiException refusal)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        if (refusal.Status.Details?.RetryAfterSeconds is > 0 and var seconds)
        {
            http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        var body = StatusJson.Encode(refusal.Status);
        http.Response.StatusCode = refusal.Code;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length + 1;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
        await http.Response.Body.WriteAsync("\n"u8.ToArray(), http.RequestAborted);
    }

    /// <summary>The words for what a path that belongs to no resource meets.</summary>
    public static Task PageNotFoundAsync(HttpContext http)
    {
        http.Response.StatusCode = 404;
        http.Response.ContentType = "text/plain; charset=utf-8";
        http.Response.Headers["X-Content-Type-Options"] = "nosniff";
        return http.Response.WriteAsync("404 page not found\n", http.RequestAborted);
    }

    public static V1Status Success(V1StatusDetails? details = null, int? code = null) => new()
    {
        ApiVersion = "v1",
        Kind = "Status",
        Metadata = new V1ListMeta(),
        Status = "Success",
        Details = details,
        Code = code,
    };
}
