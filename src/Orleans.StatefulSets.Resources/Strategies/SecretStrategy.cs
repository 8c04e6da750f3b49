using System.Text;
using k8s.Models;
using Orleans.StatefulSets.Resources.Validation;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.Strategies;

/// <summary>pkg/registry/core/secret/strategy.go.</summary>
internal sealed class SecretStrategy : ObjectStrategy<V1Secret>
{
    protected override V1Secret Created(V1Secret model, IClusterView cluster, DateTime now) => Fill(model);

    // A type that is left out of an update is the one that was there: it can't be changed anyway.
    protected override V1Secret Updated(V1Secret next, V1Secret current, string subresource, IClusterView cluster, DateTime now) =>
        Fill(string.IsNullOrEmpty(next.Type) ? next with { Type = current.Type } : next);

    protected override void Check(V1Secret model, FieldErrors errors)
    {
        ObjectMetaRules.Check(model.Metadata, NameRules.Subdomain, errors);
        SecretRules.Check(model, errors);
    }

    protected override void CheckUpdate(V1Secret next, V1Secret current, string subresource, FieldErrors errors)
    {
        SecretRules.CheckUpdate(next, current, errors);
        SecretRules.Check(next, errors);
    }

    private static V1Secret Fill(V1Secret model)
    {
        var typed = string.IsNullOrEmpty(model.Type) ? model with { Type = "Opaque" } : model;
        if (typed.StringData is null)
        {
            return typed;
        }

        var data = typed.Data is null ? new Dictionary<string, byte[]>() : new Dictionary<string, byte[]>(typed.Data);
        foreach (var (key, text) in typed.StringData)
        {
            data[key] = Encoding.UTF8.GetBytes(text ?? "");
        }

        return typed with { Data = data, StringData = null };
    }
}
