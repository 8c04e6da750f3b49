using System.Globalization;
using System.Net;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;

namespace Orleans.StatefulSets.Cli.Balancing;

/// <summary>Where the balancer sends what comes, and how it learns who is ready.</summary>
internal static class Routes
{
    private const string Servers = "servers";

    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(1);

    public static RouteConfig Everything { get; } = new()
    {
        RouteId = "everything",
        ClusterId = Servers,
        Match = new RouteMatch { Path = "{**path}" },
    };

    public static ClusterConfig To(IReadOnlyList<Uri> servers) => new()
    {
        ClusterId = Servers,
        Destinations = servers.Select((url, index) => (url, index)).ToDictionary(
            server => string.Create(CultureInfo.InvariantCulture, $"{server.index + 1}"),
            server => new DestinationConfig { Address = server.url.AbsoluteUri }),

        // In turn: a person's commands come one after another, and should be seen to work whichever silo has them.
        LoadBalancingPolicy = LoadBalancingPolicies.RoundRobin,
        HealthCheck = new HealthCheckConfig
        {
            // Where none says that it is ready, each says itself why not.
            AvailableDestinationsPolicy = HealthCheckConstants.AvailableDestinations.HealthyOrPanic,
            Active = new ActiveHealthCheckConfig
            {
                Enabled = true,
                Interval = ProbeInterval,
                Timeout = ProbePatience,
                Path = "/readyz",
                Policy = HealthCheckConstants.ActivePolicy.ConsecutiveFailures,
            },
            Passive = new PassiveHealthCheckConfig { Enabled = true, Policy = UnreachableServers.PolicyName, ReactivationPeriod = ProbeInterval },
        },
        Metadata = new Dictionary<string, string> { [ConsecutiveFailuresHealthPolicyOptions.ThresholdMetadataName] = "1" },

        // A watch may stand still for hours.
        HttpRequest = new ForwarderRequestConfig
        {
            ActivityTimeout = Timeout.InfiniteTimeSpan,
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        },
    };
}
