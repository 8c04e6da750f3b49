using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Orleans.StatefulSets.Cli.Balancing;

/// <summary>A server that can't be connected to is passed over at once, until the next probe asks it.</summary>
internal sealed class UnreachableServers(IDestinationHealthUpdater health) : IPassiveHealthCheckPolicy
{
    public const string PolicyName = "Unreachable";

    public string Name => PolicyName;

    public void RequestProxied(HttpContext context, ClusterState cluster, DestinationState destination)
    {
        if (context.Features.Get<IForwarderErrorFeature>() is { } failure && ForwardingFailure.ReachedNobody(failure))
        {
            var period = cluster.Model.Config.HealthCheck?.Passive?.ReactivationPeriod ?? TimeSpan.Zero;
            health.SetPassive(cluster, destination, DestinationHealth.Unhealthy, period);
        }
    }
}
