using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.StatefulSets.Api.Access;
using Orleans.StatefulSets.Api.Discovery;
using Orleans.StatefulSets.Api.Faults;
using Orleans.StatefulSets.Api.Health;
using Orleans.StatefulSets.Api.InFlight;
using Orleans.StatefulSets.Api.Lists;
using Orleans.StatefulSets.Api.OpenApi;
using Orleans.StatefulSets.Api.Requests;
using Orleans.StatefulSets.Api.Responses;
using Orleans.StatefulSets.Api.Reviews;
using Orleans.StatefulSets.Api.Streams.Commands;
using Orleans.StatefulSets.Api.Streams.Logs;
using Orleans.StatefulSets.Api.Streams.PortForwards;
using Orleans.StatefulSets.Api.Streams.Upgrades;
using Orleans.StatefulSets.Api.Watches;
using Orleans.StatefulSets.Api.Writes;
using Orleans.StatefulSets.Grains.Faults;
using Orleans.StatefulSets.Grains.Nodes;

namespace Orleans.StatefulSets.Api.Hosting;

/// <summary>Puts the Kubernetes REST API into an ASP.NET Core program.</summary>
public static class KubernetesApi
{
    /// <summary>
    /// Adds the API. The program itself provides <c>IReplicas</c>, <c>IClusterWriter</c>, <c>IPodStreams</c>, <c>ClusterClock</c> and
    /// <c>IIdentitySource</c>, and may provide <see cref="IReadiness"/>, <see cref="IRequestFaults"/> and a <see cref="TimeProvider"/> for
    /// time-outs.
    /// </summary>
    public static IServiceCollection AddKubernetesApi(this IServiceCollection services, Action<ApiOptions>? configure = null)
    {
        services.AddOptions<ApiOptions>().Configure(options => configure?.Invoke(options));
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<ApiOptions>>((kestrel, options) =>
        {
            kestrel.AddServerHeader = false;
            ConnectionLimits.Apply(kestrel, options.Value);
        });
        services.AddOptions<SocketTransportOptions>().Configure<IOptions<ApiOptions>>((sockets, options) => ConnectionLimits.Apply(sockets, options.Value));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IReadiness, AlwaysReady>();
        services.TryAddSingleton<IRequestFaults, NoRequestFaults>();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<ApiOptions>>().Value);
        services.AddSingleton<ApiServices>();
        services.AddSingleton<AccessRules>();
        services.AddSingleton<RequestBody>();
        services.AddSingleton<RequestLimits>();
        services.AddSingleton<FaultyRequests>();
        services.AddSingleton<BulkWork>();
        services.AddSingleton<Answers>();
        services.AddSingleton<ListReader>();
        services.AddSingleton<Heartbeats>();
        services.AddSingleton<ReadVerbs>();
        services.AddSingleton<WatchVerb>();
        services.AddSingleton<CreateVerb>();
        services.AddSingleton<UpdateVerb>();
        services.AddSingleton<WrittenAnswer>();
        services.AddSingleton<DeleteQuery>();
        services.AddSingleton<DeleteVerb>();
        services.AddSingleton<StreamSessions>();
        services.AddSingleton<ConnectionUpgrade>();
        services.AddSingleton<CommandVerb>();
        services.AddSingleton<PortForwardVerb>();
        services.AddSingleton<LogVerb>();
        services.AddSingleton<ResourceRoutes>();
        services.AddSingleton<DiscoveryPages>();
        services.AddSingleton<OpenApiPages>();
        services.AddSingleton<HealthPages>();
        services.AddSingleton<SelfReviews>();
        services.AddSingleton<RequestPipeline>();
        return services;
    }

    /// <summary>
    /// Answers the API's paths (<c>/api</c>, <c>/apis</c>, <c>/openapi</c>, <c>/version</c>, health) and checks who calls for every
    /// path, the other pages of the program included: put it first.
    /// </summary>
    public static IApplicationBuilder UseKubernetesApi(this IApplicationBuilder app)
    {
        var pipeline = app.ApplicationServices.GetRequiredService<RequestPipeline>();
        return app.Use(next => http => pipeline.InvokeAsync(http, next));
    }

    /// <summary><see cref="UseKubernetesApi"/>, and an API server's 404 for paths that nobody in the program knows.</summary>
    public static WebApplication MapKubernetesApi(this WebApplication app)
    {
        app.UseKubernetesApi();
        return app.MapUnknownPaths();
    }

    /// <summary>An API server's 404 for paths that nobody in the program knows.</summary>
    public static WebApplication MapUnknownPaths(this WebApplication app)
    {
        app.MapFallback("{**path}", StatusAnswer.PageNotFoundAsync);
        return app;
    }
}
