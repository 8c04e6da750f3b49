using k8s.Models;
using Orleans.StatefulSets.Resources.Defaulting;
using Orleans.StatefulSets.Resources.Validation;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.Strategies;

/// <summary>pkg/registry/core/limitrange/strategy.go.</summary>
internal sealed class LimitRangeStrategy : ObjectStrategy<V1LimitRange>
{
    protected override V1LimitRange Created(V1LimitRange model, IClusterView cluster, DateTime now) => Fill(model);

    protected override V1LimitRange Updated(V1LimitRange next, V1LimitRange current, string subresource, IClusterView cluster, DateTime now) => Fill(next);

    protected override void Check(V1LimitRange model, FieldErrors errors)
    {
        ObjectMetaRules.Check(model.Metadata, NameRules.Subdomain, errors);
        LimitRangeRules.Check(model.Spec.Limits, errors);
    }

    protected override void CheckUpdate(V1LimitRange next, V1LimitRange current, string subresource, FieldErrors errors) =>
        LimitRangeRules.Check(next.Spec.Limits, errors);

    private static V1LimitRange Fill(V1LimitRange model)
    {
        var spec = model.Spec ?? new V1LimitRangeSpec();
        return model with { Spec = spec with { Limits = SharedLists.Each(spec.Limits, Fill) ?? [] } };
    }

    // SetDefaults_LimitRangeItem: what a container gets follows from what it must keep to.
    private static V1LimitRangeItem Fill(V1LimitRangeItem item)
    {
        if (item.Type != "Container")
        {
            return item;
        }

        var limits = With(item.DefaultProperty, item.Max);
        return item with { DefaultProperty = limits, DefaultRequest = With(With(item.DefaultRequest, limits), item.Min) };
    }

    private static IDictionary<string, ResourceQuantity>? With(IDictionary<string, ResourceQuantity>? given, IDictionary<string, ResourceQuantity>? otherwise)
    {
        if (otherwise is null || otherwise.Keys.All(name => given?.ContainsKey(name) == true))
        {
            return given;
        }

        var all = new Dictionary<string, ResourceQuantity>(otherwise);
        foreach (var (name, amount) in given ?? new Dictionary<string, ResourceQuantity>())
        {
            all[name] = amount;
        }

        return all;
    }
}
