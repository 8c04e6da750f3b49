using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Messages;

/// <summary>A <see cref="StoredObject"/> between silos: its bytes, never its model. Within a silo the object itself is shared.</summary>
[GenerateSerializer, Immutable]
public readonly record struct StoredObjectSurrogate(
    [property: Id(0)] string Resource,
    [property: Id(1)] string Namespace,
    [property: Id(2)] string Name,
    [property: Id(3)] string Uid,
    [property: Id(4)] long ResourceVersion,
    [property: Id(5)] ReadOnlyMemory<byte> Payload);

/// <summary>Turns a <see cref="StoredObject"/> into its surrogate and back.</summary>
[RegisterConverter]
public sealed class StoredObjectConverter : IConverter<StoredObject, StoredObjectSurrogate>
{
    /// <inheritdoc/>
    public StoredObject ConvertFromSurrogate(in StoredObjectSurrogate surrogate) => new(
        new ObjectKey(surrogate.Resource, surrogate.Namespace, surrogate.Name), surrogate.Uid, surrogate.ResourceVersion, surrogate.Payload);

    /// <inheritdoc/>
    public StoredObjectSurrogate ConvertToSurrogate(in StoredObject value) =>
        new(value.Key.Resource, value.Key.Namespace, value.Key.Name, value.Uid, value.ResourceVersion, value.Payload);
}

/// <summary>An <see cref="ObjectKey"/> between silos.</summary>
[GenerateSerializer, Immutable]
public readonly record struct ObjectKeySurrogate(
    [property: Id(0)] string Resource,
    [property: Id(1)] string Namespace,
    [property: Id(2)] string Name);

/// <summary>Turns an <see cref="ObjectKey"/> into its surrogate and back.</summary>
[RegisterConverter]
public sealed class ObjectKeyConverter : IConverter<ObjectKey, ObjectKeySurrogate>
{
    /// <inheritdoc/>
    public ObjectKey ConvertFromSurrogate(in ObjectKeySurrogate surrogate) => new(surrogate.Resource, surrogate.Namespace, surrogate.Name);

    /// <inheritdoc/>
    public ObjectKeySurrogate ConvertToSurrogate(in ObjectKey value) =>
        new(value.Resource, value.Namespace, value.Name);
}
