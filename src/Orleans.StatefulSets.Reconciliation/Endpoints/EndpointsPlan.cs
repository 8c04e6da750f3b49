using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Endpoints;

/// <summary>What is to be written for one Service; empty where its endpoints stand as they should.</summary>
public sealed record EndpointsPlan
{
    public static EndpointsPlan Nothing { get; } = new();

    /// <summary>A new Endpoints object, without uid and resourceVersion.</summary>
    public V1Endpoints? CreateEndpoints { get; init; }

    /// <summary>The Endpoints object as it should be, with the metadata of the current one.</summary>
    public V1Endpoints? UpdateEndpoints { get; init; }

    /// <summary>Slices to create, named, without uid and resourceVersion.</summary>
    public IReadOnlyList<V1EndpointSlice> CreateSlices { get; init; } = [];

    /// <summary>Slices to replace, each with the metadata of the current one.</summary>
    public IReadOnlyList<V1EndpointSlice> UpdateSlices { get; init; } = [];

    /// <summary>Slices to delete.</summary>
    public IReadOnlyList<V1EndpointSlice> DeleteSlices { get; init; } = [];

    public bool IsEmpty => CreateEndpoints is null && UpdateEndpoints is null
        && CreateSlices.Count == 0 && UpdateSlices.Count == 0 && DeleteSlices.Count == 0;
}
