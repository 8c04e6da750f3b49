using k8s.Models;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Messages;

/// <summary>A <see cref="WriteRequest"/> between silos.</summary>
[GenerateSerializer, Immutable]
public readonly record struct WriteRequestSurrogate(
    [property: Id(0)] ObjectKey Key,
    [property: Id(1)] int Verb,
    [property: Id(2)] string Subresource,
    [property: Id(3)] ReadOnlyMemory<byte> Body,
    [property: Id(4)] int Patch,
    [property: Id(5)] int FieldValidation,
    [property: Id(6)] bool DryRun,
    [property: Id(7)] string FieldManager,
    [property: Id(8)] byte[]? DeleteOptions,
    [property: Id(9)] Guid RequestId);

/// <summary>Turns a <see cref="WriteRequest"/> into its surrogate and back.</summary>
[RegisterConverter]
public sealed class WriteRequestConverter : IConverter<WriteRequest, WriteRequestSurrogate>
{
    /// <inheritdoc/>
    public WriteRequest ConvertFromSurrogate(in WriteRequestSurrogate surrogate) => new()
    {
        Key = surrogate.Key,
        Verb = (WriteVerb)surrogate.Verb,
        Subresource = surrogate.Subresource,
        Body = surrogate.Body,
        Patch = (PatchKind)surrogate.Patch,
        FieldValidation = (FieldValidation)surrogate.FieldValidation,
        DryRun = surrogate.DryRun,
        FieldManager = surrogate.FieldManager,
        DeleteOptions = surrogate.DeleteOptions is null ? null : ObjectJson.Decode<V1DeleteOptions>(surrogate.DeleteOptions),
        Id = surrogate.RequestId,
    };

    /// <inheritdoc/>
    public WriteRequestSurrogate ConvertToSurrogate(in WriteRequest value) =>
        new(value.Key, (int)value.Verb, value.Subresource, value.Body, (int)value.Patch, (int)value.FieldValidation, value.DryRun, value.FieldManager, value.DeleteOptions is null ? null : ObjectJson.Encode(value.DeleteOptions), value.Id);
}

/// <summary>The answer of an object's grain: what was committed, or the Status that says why nothing was.</summary>
[GenerateSerializer, Immutable]
public sealed record ObjectReply
{
    /// <summary>What became of the object (a <see cref="WriteOutcome"/>).</summary>
    [Id(0)]
    public WriteOutcome Outcome { get; init; }

    /// <summary>The revision that the write led to; null after a refusal.</summary>
    [Id(1)]
    public StoredObject? Object { get; init; }

    /// <summary>Texts for <c>Warning:</c> headers.</summary>
    [Id(2)]
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The refusal, a Status in JSON; null after a success.</summary>
    [Id(3)]
    public byte[]? Refusal { get; init; }

    /// <summary>Whether it was refused.</summary>
    public bool Refused => Refusal is not null;

    /// <summary>The refusal as the exception that it was.</summary>
    public ApiException ToException() => new(ObjectJson.Decode<V1Status>(Refusal!));

    /// <summary>The object; a refusal is thrown.</summary>
    /// <exception cref="ApiException">It was refused.</exception>
    public StoredObject Demand() => Refused ? throw ToException() : Object!;

    internal static ObjectReply Refuse(ApiException refusal) =>
        new() { Refusal = StatusJson.Encode(refusal.Status).ToArray() };
}
