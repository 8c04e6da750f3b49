using Orleans.StatefulSets.Acceptance.Tests.Servers;
using Orleans.StatefulSets.Cli.Balancing;

namespace Orleans.StatefulSets.Cli.Tests.Balancing;

/// <summary>A balancer before some servers, and a client of it.</summary>
internal sealed class BalancedServers : IAsyncDisposable
{
    private readonly Balancer balancer;

    private BalancedServers(Balancer balancer, Uri url)
    {
        this.balancer = balancer;
        Url = url;
        Client = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromSeconds(20) };
    }

    public Uri Url { get; }

    public HttpClient Client { get; }

    public static async Task<BalancedServers> StartAsync(params IReadOnlyList<Uri> servers)
    {
        var url = new Uri($"http://127.0.0.1:{FreePorts.Take(1)[0]}");
        return new BalancedServers(await Balancer.StartAsync(url, servers), url);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await balancer.DisposeAsync();
    }
}
