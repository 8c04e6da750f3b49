using System.Text;
using Microsoft.AspNetCore.Http;
using Orleans.StatefulSets.Resources.Errors;

namespace Orleans.StatefulSets.Api.Streams.Upgrades;

/// <summary>
/// What a kubelet answers in place of an upgrade. An API server hands it on as it came, as plain text, and kubectl prints it behind
/// <c>unable to upgrade connection:</c>; a refusal of the API server itself is a Status.
/// </summary>
/// <param name="Code">The HTTP status code.</param>
/// <param name="Text">Its words.</param>
internal sealed record KubeletRefusal(int Code, string Text)
{
    private const string Prefix = "Internal error occurred: ";

    /// <summary>Whether a refusal comes from behind the API server: there, what fails is an error of the server's.</summary>
    public static bool Is(ApiException refusal) => refusal.Code >= StatusCodes.Status500InternalServerError;

    public static KubeletRefusal Of(ApiException refusal)
    {
        var message = refusal.Status.Message ?? "";
        return new KubeletRefusal(refusal.Code, message.StartsWith(Prefix, StringComparison.Ordinal) ? message[Prefix.Length..] : message);
    }

    public Task WriteAsync(HttpContext http)
    {
        var body = Encoding.UTF8.GetBytes(Text);
        http.Response.StatusCode = Code;
        http.Response.ContentType = "text/plain; charset=utf-8";
        http.Response.ContentLength = body.Length;
        return http.Response.Body.WriteAsync(body, http.RequestAborted).AsTask();
    }
}
