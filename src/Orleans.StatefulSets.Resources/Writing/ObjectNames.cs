using k8s.Models;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Resources.Writing;

/// <summary>A body's name and namespace against those of the request (apiserver's <c>checkName</c> and EnsureObjectNamespaceMatchesRequestNamespace).</summary>
internal static class ObjectNames
{
    /// <summary>The metadata with the request's namespace filled in; a cluster-scoped object has none.</summary>
    /// <exception cref="ApiException">400: another namespace than the request's.</exception>
    public static V1ObjectMeta WithNamespace(V1ObjectMeta metadata, ObjectKey key)
    {
        if (key.Namespace.Length == 0)
        {
            return string.IsNullOrEmpty(metadata.NamespaceProperty) ? metadata : metadata with { NamespaceProperty = null };
        }

        if (string.IsNullOrEmpty(metadata.NamespaceProperty))
        {
            return metadata with { NamespaceProperty = key.Namespace };
        }

        return metadata.NamespaceProperty == key.Namespace
            ? metadata
            : throw ApiErrors.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
    }

    /// <exception cref="ApiException">400: no name, or another than the URL's.</exception>
    public static void Check(V1ObjectMeta metadata, ObjectKey key)
    {
        if (string.IsNullOrEmpty(metadata.Name))
        {
            throw ApiErrors.BadRequest($"the name of the object ({key.Name} based on URL) was undeterminable: name must be provided");
        }

        if (metadata.Name != key.Name)
        {
            throw Mismatch(metadata.Name, key.Name);
        }
    }

    /// <summary>The name of an object to be created: where the request chose it (by generateName), the body has none.</summary>
    /// <exception cref="ApiException">400: another name than the request's.</exception>
    public static V1ObjectMeta WithName(V1ObjectMeta metadata, ObjectKey key)
    {
        if (string.IsNullOrEmpty(metadata.Name))
        {
            return key.Name.Length == 0 ? metadata : metadata with { Name = key.Name };
        }

        return metadata.Name == key.Name ? metadata : throw Mismatch(metadata.Name, key.Name);
    }

    private static ApiException Mismatch(string name, string url) =>
        ApiErrors.BadRequest($"the name of the object ({name}) does not match the name on the URL ({url})");
}
