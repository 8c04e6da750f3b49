using System.Reflection;
using k8s.Models;

namespace Orleans.StatefulSets.Resources.Writing;

/// <summary>Copies of models of any kind: a model that somebody else may hold is never changed.</summary>
internal static class ModelCopies
{
    private static readonly Func<object, object> ShallowCopy = typeof(object)
        .GetMethod("MemberwiseClone", BindingFlags.NonPublic | BindingFlags.Instance)!.CreateDelegate<Func<object, object>>();

    public static V1ObjectMeta MetadataOf(object model) => ((IMetadata<V1ObjectMeta>)model).Metadata;

    /// <summary>The same object with other metadata.</summary>
    public static object WithMetadata(object model, V1ObjectMeta metadata)
    {
        var copy = ShallowCopy(model);
        ((IMetadata<V1ObjectMeta>)copy).Metadata = metadata;
        return copy;
    }

    /// <summary>The same object without a resourceVersion, as a decision carries it.</summary>
    public static object WithoutVersion(object model) => MetadataOf(model) is { ResourceVersion: not null } metadata
        ? WithMetadata(model, metadata with { ResourceVersion = null })
        : model;
}
