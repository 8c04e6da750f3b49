using System.Globalization;
using k8s.Models;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Resources.Writing;

/// <summary>What an update may not change of the metadata is kept (apiserver's <c>rest.BeforeUpdate</c>).</summary>
internal static class UpdatedMetadata
{
    public static V1ObjectMeta Keep(V1ObjectMeta next, V1ObjectMeta current) => next with
    {
        NamespaceProperty = string.IsNullOrEmpty(next.NamespaceProperty) ? current.NamespaceProperty : next.NamespaceProperty,
        Uid = current.Uid,
        CreationTimestamp = current.CreationTimestamp,
        DeletionTimestamp = current.DeletionTimestamp,
        DeletionGracePeriodSeconds = current.DeletionGracePeriodSeconds,
        Generation = current.Generation,
        ManagedFields = next.ManagedFields ?? current.ManagedFields,
        SelfLink = null,
        ResourceVersion = null,
    };

    /// <summary>A client cannot delete by writing a timestamp.</summary>
    public static IEnumerable<FieldError> Violations(V1ObjectMeta next, V1ObjectMeta current)
    {
        if (current.DeletionTimestamp is null && next.DeletionTimestamp is { } time)
        {
            var text = TimeText.Seconds(time);
            yield return new FieldError("FieldValueInvalid", "metadata.deletionTimestamp", $"Invalid value: \"{text}\": field is immutable");
        }

        if (current.DeletionTimestamp is null && next.DeletionGracePeriodSeconds is { } grace)
        {
            yield return new FieldError(
                "FieldValueInvalid",
                "metadata.deletionGracePeriodSeconds",
                string.Create(CultureInfo.InvariantCulture, $"Invalid value: {grace}: field is immutable"));
        }
    }

    /// <summary>Whether a request is conditional, and on another version than the stored one.</summary>
    /// <exception cref="ApiException">409 Conflict, or 500 for a version that is no number.</exception>
    public static void CheckVersion(ResourceKind kind, string name, string? expected, long current)
    {
        if (string.IsNullOrEmpty(expected))
        {
            return;
        }

        if (!ulong.TryParse(expected, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
        {
            throw ApiErrors.Plain($"strconv.ParseUint: parsing {Decoding.GoText.Quote(expected)}: invalid syntax");
        }

        if (version != 0 && version != (ulong)current)
        {
            throw ApiErrors.Conflict(kind, name);
        }
    }
}
