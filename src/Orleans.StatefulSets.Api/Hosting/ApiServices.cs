using Microsoft.Extensions.Options;
using Orleans.StatefulSets.Grains.Cluster;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Time;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Api.Hosting;

/// <summary>What every verb works with.</summary>
internal sealed class ApiServices(
    IReplicas replicas, IClusterWriter writer, ClusterClock clock, IIdentitySource identities, TimeProvider time, IOptions<ApiOptions> options)
{
    public IReplicas Replicas => replicas;

    public IClusterWriter Writer => writer;

    /// <summary>The simulated time: what ages in tables are counted from.</summary>
    public ClusterClock Clock => clock;

    public IIdentitySource Identities => identities;

    /// <summary>The wall: what requests and watches time out by.</summary>
    public TimeProvider Time => time;

    public ApiOptions Options => options.Value;
}
