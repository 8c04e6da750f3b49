using System.Globalization;
using k8s.Models;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Resources.Writing;

/// <summary>What must be true of an object for a delete to mean it (apiserver's <c>rest.BeforeDelete</c>).</summary>
public static class Preconditions
{
    /// <exception cref="ApiException">409: the uid or the resourceVersion is another.</exception>
    public static void Check(StoredObject current, V1Preconditions? preconditions)
    {
        var version = current.ResourceVersion.ToString(CultureInfo.InvariantCulture);
        if (preconditions?.Uid is { } uid && uid != current.Uid)
        {
            throw Conflict(current, $"the UID in the precondition ({uid}) does not match the UID in record ({current.Uid}). The object might have been deleted and then recreated");
        }

        if (preconditions?.ResourceVersion is { } expected && expected != version)
        {
            throw Conflict(current, $"the ResourceVersion in the precondition ({expected}) does not match the ResourceVersion in record ({version}). The object might have been modified");
        }
    }

    // Upstream names the kind here, where every other conflict names the resource.
    private static ApiException Conflict(StoredObject current, string why) =>
        ApiErrors.Conflict(current.Kind with { Plural = current.Kind.Kind }, current.Key.Name, why);
}
