using k8s.Models;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Cluster;

/// <summary>Carries a client's write to the object's one writer: its grain, or for kinds that nothing reconciles the journal itself.</summary>
public interface IClusterWriter
{
    /// <summary>Admits, decides and commits.</summary>
    /// <exception cref="ApiException">The refusal, as the client is to get it.</exception>
    Task<WriteResponse> WriteAsync(WriteRequest request, CancellationToken cancellation);

    /// <summary>Reads the scale of an object that has one (autoscaling/v1).</summary>
    /// <exception cref="ApiException">404 where there is no such object.</exception>
    Task<V1Scale> ReadScaleAsync(Resources.Kinds.ObjectKey key, CancellationToken cancellation);
}

/// <summary>What was committed (or, in a dry run, would have been).</summary>
public sealed record WriteResponse
{
    public required WriteOutcome Outcome { get; init; }

    /// <summary>The revision that the write led to; for Removed the last state. ResourceVersion 0 in a dry run of a create.</summary>
    public required StoredObject Object { get; init; }

    /// <summary>Texts for <c>Warning:</c> headers.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
