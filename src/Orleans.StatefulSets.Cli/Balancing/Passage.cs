using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Orleans.StatefulSets.Cli.Balancing;

/// <summary>
/// How requests and answers pass: a server sees what the client sent, the Host and the Origin above all, since it decides by them who may
/// call; the client sees what the server answers, when it does.
/// </summary>
internal static class Passage
{
    private static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public static void Configure(TransformBuilderContext passage)
    {
        passage.UseDefaultForwarders = false;
        passage.AddOriginalHost(useOriginal: true);
        passage.AddRequestTransform(KeepTarget);
        passage.AddRequestTransform(KeepMethod);
        passage.AddResponseTransform(ShowAtOnceAsync);
    }

    // What was escaped stays escaped, and what was not doesn't become so.
    private static ValueTask KeepTarget(RequestTransformContext request)
    {
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (target.StartsWith('/'))
        {
            request.ProxyRequest.RequestUri = new Uri(request.DestinationPrefix.TrimEnd('/') + target, AsItIs);
        }

        return ValueTask.CompletedTask;
    }

    // The proxy makes a GET of every request for an upgrade; kubectl's exec is a POST.
    private static ValueTask KeepMethod(RequestTransformContext request)
    {
        request.ProxyRequest.Method = HttpMethod.Parse(request.HttpContext.Request.Method);
        return ValueTask.CompletedTask;
    }

    // The proxy holds the headers back until the first byte of the body, which of a watch may come an hour later.
    private static async ValueTask ShowAtOnceAsync(ResponseTransformContext response)
    {
        if (response.ProxyResponse is { Content.Headers.ContentLength: null, StatusCode: not HttpStatusCode.SwitchingProtocols })
        {
            await response.HttpContext.Response.Body.FlushAsync(response.CancellationToken);
        }
    }
}
