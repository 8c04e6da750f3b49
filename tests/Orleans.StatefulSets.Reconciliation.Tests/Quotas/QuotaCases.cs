using k8s;
using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Quotas;
using Orleans.StatefulSets.Resources.Quantities;

namespace Orleans.StatefulSets.Reconciliation.Tests.Quotas;

/// <summary>Quotas and the objects that they count, as short YAML.</summary>
internal static class QuotaCases
{
    public static readonly DateTime Now = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    public static V1ResourceQuota Quota(string hard, string more = "") =>
        KubernetesYaml.Deserialize<V1ResourceQuota>($"metadata: {{ name: compute }}\nspec: {{ hard: {{ {hard} }}, {more} }}");

    public static V1Pod Pod(string containers, string spec = "", string status = "", string metadata = "") => KubernetesYaml.Deserialize<V1Pod>(
        $"metadata: {{ name: web-0, {metadata} }}\nspec: {{ containers: [ {containers} ], {spec} }}\nstatus: {{ {status} }}");

    public static V1PersistentVolumeClaim Claim(string spec, string status = "") =>
        KubernetesYaml.Deserialize<V1PersistentVolumeClaim>($"metadata: {{ name: www }}\nspec: {{ {spec} }}\nstatus: {{ {status} }}");

    public static V1Service Service(string spec) => KubernetesYaml.Deserialize<V1Service>($"metadata: {{ name: web }}\nspec: {{ {spec} }}");

    public static string Usage(string resource, object model) => Print(QuotaUsage.Of(resource, model, Now));

    public static string Print(IEnumerable<KeyValuePair<string, Amount>> amounts) =>
        string.Join(' ', amounts.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));

    public static IReadOnlyDictionary<string, Amount> Amounts(params (string Name, string Amount)[] amounts) =>
        amounts.ToDictionary(pair => pair.Name, pair => Amount.Of(new ResourceQuantity(pair.Amount)));
}
