using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Resources.Writing;

/// <summary>The largest object that the storage takes, as etcd's <c>--max-request-bytes</c> bounds it.</summary>
public static class ObjectSize
{
    /// <summary>1.5 MiB of JSON.</summary>
    public const int MaxBytes = 3 * 1024 * 1024 / 2;

    /// <exception cref="ApiException">500 with etcd's text: the object is larger.</exception>
    internal static void Check(WriteRequest request, StoredObject? current, object model)
    {
        // Only what is large itself, or is added to something large, is worth the encoding.
        var most = (long)request.Body.Length + (current?.Payload.Length ?? 0);
        if (most > MaxBytes / 2 && ObjectJson.Encode(model).Length > MaxBytes)
        {
            throw ApiErrors.Plain("etcdserver: request is too large");
        }
    }
}
