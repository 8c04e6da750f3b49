using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Services;

/// <summary>A Service: its one writer, and the keeper of its Endpoints and EndpointSlices.</summary>
[Alias("service")]
public interface IServiceGrain : IObjectGrain;

/// <summary>Gives out the cluster addresses of Services, each once.</summary>
[Alias("service-addresses")]
public interface IServiceAddressGrain : IGrainWithStringKey
{
    /// <summary>Gives an address to a Service: the wanted one, or ("") a free one.</summary>
    /// <returns>The address, or null where the wanted one is taken or out of range, or none is free.</returns>
    [Alias("allocate")]
    Task<string?> Allocate(ObjectKey service, string wanted);
}
