using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Messages;

/// <summary>
/// A Kubernetes model on its way to another grain. The sender gives it away: from then on nobody changes it, so within a silo
/// the model itself is handed over, and only between silos is it encoded.
/// </summary>
/// <param name="value">The model; not to be changed any more.</param>
public sealed class Model(object value)
{
    /// <summary>The model.</summary>
    public object Value { get; } = value;

    /// <summary>The model as its own type.</summary>
    public T As<T>() => (T)Value;
}

/// <summary>A <see cref="Model"/> between silos.</summary>
[GenerateSerializer, Immutable]
public readonly record struct ModelSurrogate(
    [property: Id(0)] string TypeName,
    [property: Id(1)] byte[] Json);

/// <summary>Turns a <see cref="Model"/> into its surrogate and back.</summary>
[RegisterConverter]
public sealed class ModelConverter : IConverter<Model, ModelSurrogate>
{
    /// <inheritdoc/>
    public Model ConvertFromSurrogate(in ModelSurrogate surrogate) => new(ObjectJson.Decode(surrogate.Json, ModelTypes.Find(surrogate.TypeName)));

    /// <inheritdoc/>
    public ModelSurrogate ConvertToSurrogate(in Model value) =>
        new(value.Value.GetType().Name, ObjectJson.Encode(value.Value));
}
