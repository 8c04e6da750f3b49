using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.StatefulSets.Api.Hosting;
using Orleans.StatefulSets.Grains.Hosting;
using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Server.Composition;
using Orleans.StatefulSets.Server.Options;
using Orleans.StatefulSets.Server.Tests.Samples;

namespace Orleans.StatefulSets.Server.Tests.Fuzzing;

/// <summary>The whole server in this process, on ports of its own and in memory.</summary>
internal sealed class FuzzedServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly DirectoryInfo folder;

    private FuzzedServer(WebApplication app, DirectoryInfo folder, int port)
    {
        this.app = app;
        this.folder = folder;
        Port = port;
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(30) };
    }

    public int Port { get; }

    public HttpClient Http { get; }

    public FailureLog Log { get; } = new();

    public IServiceProvider Services => app.Services;

    public static async Task<FuzzedServer> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("statefulsets-");
        var ports = FreePorts.Take(3);
        var app = await ServerHost.BuildAsync(new ServerOptions
        {
            Urls = [new Uri($"http://127.0.0.1:{ports[0]}")],
            SiloPort = ports[1],
            GatewayPort = ports[2],
            DataDirectory = folder.FullName,
            Storage = StorageKind.Memory,
            PodLatencies = PodLatencies.None,
            VolumeProvisionLatency = TimeSpan.Zero,
            MaxEvents = 300,
            RingBytes = 4 * 1024 * 1024,
        });
        var server = new FuzzedServer(app, folder, ports[0]);
        app.Services.GetRequiredService<ILoggerFactory>().AddProvider(server.Log);

        // Who asks for a version that never comes would hold a connection for seconds.
        app.Services.GetRequiredService<ApiOptions>().FutureVersionTimeout = TimeSpan.FromMilliseconds(100);

        // Filled early, so that what grows afterwards is no log.
        app.Services.GetRequiredService<IOptions<JournalOptions>>().Value.LogRevisions = 1_000;
        await app.StartAsync();
        await app.Services.GetRequiredService<ClusterStart>().Ready;
        return server;
    }

    public Task<IReadOnlyList<ServedKind>> DiscoverAsync() => ServedKind.DiscoverAsync(Http);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
