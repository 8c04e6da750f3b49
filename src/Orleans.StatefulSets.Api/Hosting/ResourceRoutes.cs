using Microsoft.AspNetCore.Http;
using Orleans.StatefulSets.Api.Lists;
using Orleans.StatefulSets.Api.Requests;
using Orleans.StatefulSets.Api.Streams.Commands;
using Orleans.StatefulSets.Api.Streams.Logs;
using Orleans.StatefulSets.Api.Streams.PortForwards;
using Orleans.StatefulSets.Api.Watches;
using Orleans.StatefulSets.Api.Writes;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Api.Hosting;

/// <summary>Which verb a request to a resource is.</summary>
internal sealed class ResourceRoutes(
    ReadVerbs reads, WatchVerb watches, CreateVerb creates, UpdateVerb updates, DeleteVerb deletes, WrittenAnswer scales,
    CommandVerb commands, PortForwardVerb forwards, LogVerb logs)
{
    // prerelease_lifecycle of core/v1: every request to the kind is answered with the warning.
    private const string EndpointsDeprecated = "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice";

    public static bool IsWatch(HttpRequest request, ResourcePath path, ApiQuery query) =>
        HttpMethods.IsGet(request.Method) && (path.IsWatchPath || (path is { IsCollection: true, Subresource: "" } && query.Flag("watch")));

    /// <exception cref="ApiException">405, or what the verb refuses.</exception>
    public Task DispatchAsync(ApiContext context, bool isWatch)
    {
        if (context.Path.Kind == ResourceKinds.Endpoints)
        {
            WriteWarnings.Add(context.Http, [EndpointsDeprecated]);
        }

        var method = context.Http.Request.Method;
        return isWatch ? watches.AnswerAsync(context)
            : context.Path.Subresource.Length > 0 ? Subresource(context, method)
            : context.Path.IsCollection ? Collection(context, method)
            : Single(context, method);
    }

    private Task Collection(ApiContext context, string method) => method switch
    {
        "GET" => reads.ListAsync(context),
        "POST" when !context.Path.IsAcrossNamespaces => creates.AnswerAsync(context),
        "DELETE" when !context.Path.IsAcrossNamespaces && context.Path.Kind != ResourceKinds.Namespaces => deletes.AnswerCollectionAsync(context),
        _ => throw ApiErrors.MethodNotAllowed(),
    };

    private Task Single(ApiContext context, string method) => method switch
    {
        "GET" => reads.GetAsync(context),
        "PUT" => updates.PutAsync(context),
        "PATCH" => updates.PatchAsync(context),
        "DELETE" => deletes.AnswerAsync(context),
        _ => throw ApiErrors.MethodNotAllowed(),
    };

    private Task Subresource(ApiContext context, string method) => (context.Path.Subresource, method) switch
    {
        ("status", "GET") => reads.GetAsync(context),
        ("scale", "GET") => scales.ReadScaleAsync(context),
        ("status" or "scale" or "finalize", "PUT") => updates.PutAsync(context),
        ("status" or "scale", "PATCH") => updates.PatchAsync(context),
        ("binding" or "eviction", "POST") => updates.PostAsync(context),
        ("exec" or "attach", "GET" or "POST") => commands.AnswerAsync(context),
        ("portforward", "GET" or "POST") => forwards.AnswerAsync(context),
        ("log", "GET") => logs.AnswerAsync(context),
        _ => throw ApiErrors.MethodNotAllowed(),
    };
}
