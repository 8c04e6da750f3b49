using k8s;
using k8s.Models;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Validation;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.Strategies;

/// <summary>The typed side of <see cref="IObjectStrategy"/>: casts once, so that each kind reads in its own model.</summary>
internal abstract class ObjectStrategy<T> : IObjectStrategy
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    /// <inheritdoc/>
    public object PrepareForCreate(object model, IClusterView cluster, DateTime now) => Created(WithMetadata((T)model), cluster, now);

    /// <inheritdoc/>
    public object PrepareForUpdate(object next, object current, string subresource, IClusterView cluster, DateTime now) =>
        Updated(WithMetadata((T)next), (T)current, subresource, cluster, now);

    /// <inheritdoc/>
    public IReadOnlyList<FieldError> Validate(object model, IClusterView cluster)
    {
        var errors = new FieldErrors();
        Check((T)model, errors);
        return errors.All;
    }

    /// <inheritdoc/>
    public IReadOnlyList<FieldError> ValidateUpdate(object next, object current, string subresource, IClusterView cluster)
    {
        var errors = new FieldErrors();
        ObjectMetaRules.CheckUpdate(((T)next).Metadata, ((T)current).Metadata, errors);
        CheckUpdate((T)next, (T)current, subresource, errors);
        return errors.All;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings(object model) => Warn((T)model);

    protected abstract T Created(T model, IClusterView cluster, DateTime now);

    protected abstract T Updated(T next, T current, string subresource, IClusterView cluster, DateTime now);

    /// <summary>The rules of creation, metadata included.</summary>
    protected abstract void Check(T model, FieldErrors errors);

    /// <summary>The rules of an update; those of the metadata have already been asked.</summary>
    protected abstract void CheckUpdate(T next, T current, string subresource, FieldErrors errors);

    protected virtual IReadOnlyList<string> Warn(T model) => [];

    /// <summary>What a write to <c>/status</c> leaves of the metadata: the stored one, with the bookkeeping of this write.</summary>
    protected static V1ObjectMeta KeptMetadata(V1ObjectMeta next, V1ObjectMeta current) => ReferenceEquals(next, current)
        ? current
        : current with { ManagedFields = next.ManagedFields, ResourceVersion = next.ResourceVersion };

    /// <summary>The metadata with the generation that this write deserves.</summary>
    protected static V1ObjectMeta Generation(V1ObjectMeta next, V1ObjectMeta current, bool specChanged)
    {
        var generation = specChanged ? (current.Generation ?? 0) + 1 : current.Generation;
        return next.Generation == generation ? next : next with { Generation = generation };
    }

    // A body without metadata has no name either; past this point every rule may rely on metadata.
    private static T WithMetadata(T model) => model.Metadata is not null
        ? model
        : throw ApiErrors.Invalid(ResourceKinds.Of(typeof(T)), "", [ObjectMetaRules.NameRequired]);
}
