using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.Strategies;

/// <summary>What is particular to a kind when it is written.</summary>
public interface IObjectStrategy
{
    /// <summary>The object as it is stored at creation: status dropped, generation set, defaults filled in, what admission adds.</summary>
    object PrepareForCreate(object model, IClusterView cluster, DateTime now);

    /// <summary>The object as it is stored by an update: with subresource "" the status is kept from current, with "status" everything but the status is; defaults filled in; generation raised when the spec changed.</summary>
    object PrepareForUpdate(object next, object current, string subresource, IClusterView cluster, DateTime now);

    IReadOnlyList<FieldError> Validate(object model, IClusterView cluster);

    IReadOnlyList<FieldError> ValidateUpdate(object next, object current, string subresource, IClusterView cluster);

    /// <summary>Texts for Warning headers, as upstream's strategy warnings.</summary>
    IReadOnlyList<string> Warnings(object model);
}
