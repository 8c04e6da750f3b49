using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.StatefulSets.Cli.CommandLine;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;

namespace Orleans.StatefulSets.Cli.Balancing;

/// <summary>
/// One address for several servers: what comes is passed on as it is, byte for byte and without limits of time, to one that is ready. A
/// request is sent once; only where it surely reached none is another one tried.
/// </summary>
internal sealed class Balancer : IAsyncDisposable
{
    /// <summary>How long answers may take that are on their way when it ends; watches are cut then.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(1);

    /// <summary>What one server admits by itself.</summary>
    private const int MostConnections = 20_000;

    /// <summary>More than the servers take, so that what is too long is refused in their words.</summary>
    private const int MostHeaderBytes = 256 * 1024;

    private readonly WebApplication app;

    private Balancer(WebApplication app) => this.app = app;

    /// <summary>Starts to listen; the servers need not run yet.</summary>
    /// <param name="url">Where it listens.</param>
    /// <param name="servers">Where it sends what comes.</param>
    /// <exception cref="CommandException">It can't listen there.</exception>
    public static async Task<Balancer> StartAsync(Uri url, IReadOnlyList<Uri> servers)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls(url.GetLeftPart(UriPartial.Authority));
        builder.WebHost.ConfigureKestrel(Unlimit);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, OwnLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopPatience);
        builder.Services.AddSingleton<IPassiveHealthCheckPolicy, UnreachableServers>();
        builder.Services.AddSingleton<IForwarderHttpClientFactory, OnceOnlyClients>();
        builder.Services.AddReverseProxy().LoadFromMemory([Routes.Everything], [Routes.To(servers)]).AddTransforms(Passage.Configure);

        var app = builder.Build();
        app.MapReverseProxy(proxy =>
        {
            proxy.Use(SecondChance.ForwardAsync);
            proxy.UseLoadBalancing();
            proxy.UsePassiveHealthChecks();
        });
        try
        {
            await app.StartAsync();
            return new Balancer(app);
        }
        catch (IOException failure)
        {
            await app.DisposeAsync();
            throw new CommandException($"{Describe(url, failure)}; choose another address with --url", failure);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private static void Unlimit(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = MostConnections;
        kestrel.Limits.MaxConcurrentUpgradedConnections = MostConnections;
        kestrel.Limits.MaxRequestHeadersTotalSize = MostHeaderBytes;
        kestrel.Limits.MaxRequestLineSize = MostHeaderBytes;
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
    }

    private static string Describe(Uri url, IOException failure) => failure.InnerException is AddressInUseException
        ? $"{url.GetLeftPart(UriPartial.Authority)} is already in use"
        : $"cannot listen on {url.GetLeftPart(UriPartial.Authority)}";

    /// <summary>Signals are the supervisor's: the balancer ends when that says so.</summary>
    private sealed class OwnLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
