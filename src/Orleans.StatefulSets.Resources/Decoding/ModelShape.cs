using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json.Serialization;
using k8s.Models;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Resources.Decoding;

/// <summary>What kind of JSON value a field of a model takes.</summary>
internal enum ShapeKind
{
    String,
    Boolean,
    Int32,
    Int64,
    Double,
    Time,
    Bytes,
    Quantity,
    IntOrString,
    Any,
    Struct,
    List,
    Map,
}

/// <summary>
/// The schema of one model type, read once by reflection from its JSON property names. Decoding, strategic merge patches
/// and managed fields all walk objects along it.
/// </summary>
internal sealed class ModelShape
{
    private static readonly ConcurrentDictionary<Type, ModelShape> Known = new();

    private readonly Lazy<IReadOnlyDictionary<string, ModelField>> fields;
    private readonly Lazy<ModelShape?> element;

    private ModelShape(Type type, ShapeKind kind)
    {
        Type = type;
        Kind = kind;
        GoName = GoNames.OfStruct(type);
        fields = new(() => ReadFields(type, kind));
        element = new(() => kind is ShapeKind.List or ShapeKind.Map ? Of(type.GetGenericArguments()[^1]) : null);
    }

    public Type Type { get; }

    public ShapeKind Kind { get; }

    /// <summary>The name of the Go struct, <c>StatefulSetSpec</c>; only meaningful for structs.</summary>
    public string GoName { get; }

    /// <summary>The fields of a struct by JSON name; empty for anything else.</summary>
    public IReadOnlyDictionary<string, ModelField> Fields => fields.Value;

    /// <summary>What a list or a map holds; null for anything else.</summary>
    public ModelShape? Element => element.Value;

    /// <summary>The shape of a model type, or of the type of one of its properties.</summary>
    public static ModelShape Of(Type type)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        return Known.GetOrAdd(bare, static key => new ModelShape(key, KindOf(key)));
    }

    /// <summary>The shape of a field of a struct, or null where it has none of that name.</summary>
    public ModelShape? Child(string name) => Kind switch
    {
        ShapeKind.Struct => Fields.GetValueOrDefault(name)?.Shape,
        ShapeKind.Map => Element,
        _ => null,
    };

    private static ShapeKind KindOf(Type type) => type switch
    {
        _ when type == typeof(string) => ShapeKind.String,
        _ when type == typeof(bool) => ShapeKind.Boolean,
        _ when type == typeof(int) => ShapeKind.Int32,
        _ when type == typeof(long) => ShapeKind.Int64,
        _ when type == typeof(double) || type == typeof(float) => ShapeKind.Double,
        _ when type == typeof(DateTime) || type == typeof(DateTimeOffset) => ShapeKind.Time,
        _ when type == typeof(byte[]) => ShapeKind.Bytes,
        _ when type == typeof(ResourceQuantity) => ShapeKind.Quantity,
        _ when type == typeof(IntOrString) => ShapeKind.IntOrString,
        _ when IsGeneric(type, typeof(IDictionary<,>)) => ShapeKind.Map,
        _ when IsGeneric(type, typeof(IList<>)) => ShapeKind.List,
        _ when ModelTypes.IsStruct(type) => ShapeKind.Struct,
        _ => ShapeKind.Any,
    };

    private static bool IsGeneric(Type type, Type definition) => type.IsGenericType && type.GetGenericTypeDefinition() == definition;

    private static IReadOnlyDictionary<string, ModelField> ReadFields(Type type, ShapeKind kind)
    {
        var found = new Dictionary<string, ModelField>(StringComparer.Ordinal);
        if (kind == ShapeKind.Struct)
        {
            foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            {
                if (property.GetCustomAttribute<JsonPropertyNameAttribute>() is { } named)
                {
                    found[named.Name] = ModelField.Of(named.Name, property);
                }
            }
        }

        return found;
    }
}

/// <summary>One field of a model.</summary>
/// <param name="Name">Its JSON name.</param>
/// <param name="Shape">What it holds.</param>
/// <param name="AcceptsNull">Whether the model can hold the absence of a value; a plain number or boolean cannot.</param>
/// <param name="GoType">The type as Go's decoder names it, <c>int32</c> or <c>[]v1.Container</c>.</param>
internal sealed record ModelField(string Name, ModelShape Shape, bool AcceptsNull, string GoType)
{
    public static ModelField Of(string name, PropertyInfo property)
    {
        var shape = ModelShape.Of(property.PropertyType);
        var acceptsNull = !property.PropertyType.IsValueType || Nullable.GetUnderlyingType(property.PropertyType) is not null;
        return new ModelField(name, shape, acceptsNull, GoNames.OfField(property.DeclaringType!, name, shape));
    }
}
