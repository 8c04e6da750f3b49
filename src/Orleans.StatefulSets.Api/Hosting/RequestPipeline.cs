using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.StatefulSets.Api.Access;
using Orleans.StatefulSets.Api.Discovery;
using Orleans.StatefulSets.Api.Faults;
using Orleans.StatefulSets.Api.Health;
using Orleans.StatefulSets.Api.InFlight;
using Orleans.StatefulSets.Api.OpenApi;
using Orleans.StatefulSets.Api.Requests;
using Orleans.StatefulSets.Api.Responses;
using Orleans.StatefulSets.Api.Reviews;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Api.Hosting;

/// <summary>What every request goes through: who calls, what it names, how long it may take, and what becomes of a failure.</summary>
internal sealed partial class RequestPipeline(
    ApiServices api, AccessRules access, ResourceRoutes resources, DiscoveryPages discovery, OpenApiPages openApi, HealthPages health,
    SelfReviews reviews, RequestLimits limits, FaultyRequests faults, Answers answers, IHostApplicationLifetime lifetime, ILogger<RequestPipeline> logger)
{
    private readonly string auditPrefix = api.Identities.NewUid()[..24];
    private long requests;

    /// <summary>Answers what belongs to the API; everything else goes on to <paramref name="next"/>, its caller checked.</summary>
    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        try
        {
            access.Check(http);
            if (!await TryAnswerAsync(http))
            {
                await next(http);
            }
        }
        catch (ApiException refusal)
        {
            await StatusAnswer.WriteAsync(http, refusal);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested || lifetime.ApplicationStopping.IsCancellationRequested)
        {
            http.Abort();
        }
        catch (BadHttpRequestException error)
        {
            await StatusAnswer.WriteAsync(http, error.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => ApiErrors.RequestTooLarge($"Request entity too large: limit is {api.Options.MaxBodyBytes}"),

                // The body came too slowly: to the client it is a request that was not done in time.
                StatusCodes.Status408RequestTimeout => Refusals.RequestTimedOut(),
                _ => ApiErrors.BadRequest(error.Message),
            });
        }
        catch (Exception error) when (!http.RequestAborted.IsCancellationRequested)
        {
            LogFailure(logger, http.Request.Method, http.Request.Path, error);
            await StatusAnswer.WriteAsync(http, ApiErrors.InternalError("the request failed unexpectedly; the server's log says more"));
        }
    }

    private async Task<bool> TryAnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value ?? "/";
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (segments.Length == 0 && HttpMethods.IsGet(http.Request.Method) && !api.Options.HealthOnly)
        {
            await discovery.PathsAsync(http);
            return true;
        }

        if (segments.Length == 0 || segments[0] is not ("api" or "apis" or "openapi" or "version" or "livez" or "readyz" or "healthz"))
        {
            return false;
        }

        var number = Interlocked.Increment(ref requests);
        http.Response.Headers["Audit-Id"] = string.Create(CultureInfo.InvariantCulture, $"{auditPrefix}{number & 0xffffffffffff:x12}");
        http.Response.Headers.CacheControl = "no-cache, private";
        if (HealthPages.Owns(path))
        {
            await health.AnswerAsync(http, path);
            return true;
        }

        if (api.Options.HealthOnly)
        {
            return false;
        }

        if (SelfReviews.Owns(segments))
        {
            using var seat = await limits.TakeAsync(http.Request, http.RequestAborted);
            await reviews.AnswerAsync(http, segments, http.RequestAborted);
            return true;
        }

        var isResource = segments[0] == "api" ? segments.Length > 2 && segments[1] == "v1" : segments[0] == "apis" && segments.Length > 3;
        if (isResource && (segments[0] == "api" || IsServed(segments[1])))
        {
            await ResourceAsync(http, segments);
        }
        else if (isResource || !await TryPageAsync(http, segments))
        {
            await StatusAnswer.PageNotFoundAsync(http);
        }

        return true;
    }

    private static bool IsServed(string group) => ServedResource.Groups.Any(served => served.Key.Group == group && group.Length > 0);

    private async Task<bool> TryPageAsync(HttpContext http, string[] segments)
    {
        if (!HttpMethods.IsGet(http.Request.Method))
        {
            throw ApiErrors.MethodNotAllowed();
        }

        using var seat = await limits.TakeAsync(http.Request, http.RequestAborted);
        return segments[0] switch
        {
            "openapi" => await openApi.TryAnswerAsync(http, segments),
            "version" => await VersionAsync(http, segments),
            _ => await discovery.TryAnswerAsync(http, segments),
        };
    }

    private async Task<bool> VersionAsync(HttpContext http, string[] segments)
    {
        if (segments.Length > 1)
        {
            return false;
        }

        await answers.JsonAsync(
            http, ResponseFormat.Json with { Pretty = true }, ObjectJson.Encode(ServerVersion.Document()), 200, http.RequestAborted);
        return true;
    }

    private async Task ResourceAsync(HttpContext http, string[] segments)
    {
        // The bodies are bounded by the API's own options, whose refusal is a Status.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } bodySize)
        {
            bodySize.MaxRequestBodySize = null;
        }

        var query = new ApiQuery(http.Request.Query);
        var path = ResourcePath.Parse(segments);
        var isWatch = ResourceRoutes.IsWatch(http.Request, path, query);
        var isLongRunning = RequestLimits.IsLongRunning(path, isWatch);
        using var timeout = isLongRunning ? null : new CancellationTokenSource(api.Options.RequestTimeout, api.Time);
        using var stopping = lifetime.ApplicationStopping.Register(() => timeout?.CancelAfter(api.Options.StopTimeout));
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(
            http.RequestAborted, isLongRunning ? lifetime.ApplicationStopping : timeout!.Token);
        try
        {
            await faults.MeetAsync(http.Request, path, isWatch, cancellation.Token);
            using var seat = isLongRunning ? Seat.Free : await limits.TakeAsync(http.Request, cancellation.Token);
            await resources.DispatchAsync(
                new ApiContext
                {
                    Http = http,
                    Seat = seat,
                    Path = path,
                    Query = query,
                    Format = isLongRunning && !isWatch ? ResponseFormat.Json : ResponseFormat.Negotiate(http.Request, query, isWatch),
                    Cancellation = cancellation.Token,
                },
                isWatch);
        }
        catch (OperationCanceledException) when (timeout?.IsCancellationRequested == true && !http.RequestAborted.IsCancellationRequested)
        {
            throw Refusals.RequestTimedOut();
        }
        catch (OperationCanceledException) when (isLongRunning && !http.RequestAborted.IsCancellationRequested)
        {
            // The server stops: a watch ends like one whose time is over, and the client comes back; a log ends with what has come.
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed unexpectedly")]
    private static partial void LogFailure(ILogger logger, string method, string path, Exception error);
}
