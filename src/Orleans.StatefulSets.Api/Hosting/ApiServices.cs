using Microsoft.Extensions.Options;
using Orleans.StatefulSets.Grains.Cluster;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Time;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Api.Hosting;

/// <summary>What every verb works with.</summary>
internal sealed class ApiServices(
    IReplicas replicas, IClusterWriter writer, ClusterClock clock, IIdentitySource identities, TimeProvider time, IOptions<ApiOptions> options)
{
    public IReplicas Replicas => replicas;

    public IClusterWriter Writer => writer;

    /// <summary>
    /// Carries a client's write out. A write that was begun is finished, and holds its request's seat until then, whether its client waits
    /// for it or not.
    /// </summary>
    /// <exception cref="ApiException">The refusal.</exception>
    public Task<WriteResponse> WriteAsync(ApiContext context, WriteRequest request)
    {
        var work = writer.WriteAsync(request, CancellationToken.None);
        context.Seat.HoldUntil(work);
        return work.WaitAsync(context.Cancellation);
    }

    /// <summary>The simulated time: what ages in tables are counted from.</summary>
    public ClusterClock Clock => clock;

    public IIdentitySource Identities => identities;

    /// <summary>The wall: what requests and watches time out by.</summary>
    public TimeProvider Time => time;

    public ApiOptions Options => options.Value;
}
