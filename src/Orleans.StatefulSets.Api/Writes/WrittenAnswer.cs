using k8s.Models;
using Orleans.StatefulSets.Api.Hosting;
using Orleans.StatefulSets.Api.Responses;
using Orleans.StatefulSets.Grains.Cluster;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Api.Writes;

/// <summary>The answer to an update or a patch: the object, or what its subresource shows of it.</summary>
internal sealed class WrittenAnswer(ApiServices api, Answers answers)
{
    public async Task AnswerAsync(ApiContext context, WriteResponse response)
    {
        WriteWarnings.Add(context.Http, response.Warnings);
        var code = response.Outcome == WriteOutcome.Created ? 201 : 200;
        switch (context.Path.Subresource)
        {
            case "scale":
                await ScaleAsync(context, response.Object.Model as V1Scale ?? ScaleOf(response.Object));
                break;
            case "binding" or "eviction":
                await answers.StatusAsync(context, StatusAnswer.Success(code: 201), 201);
                break;
            default:
                await answers.ObjectAsync(context, response.Object, code);
                break;
        }
    }

    public async Task ReadScaleAsync(ApiContext context) =>
        await ScaleAsync(context, await api.Writer.ReadScaleAsync(context.Path.Key, context.Cancellation));

    private Task ScaleAsync(ApiContext context, V1Scale scale) =>
        answers.JsonAsync(context.Http, context.Format, ObjectJson.Encode(scale), 200, context.Cancellation);

    // The scale of the very revision that the write made; reading it anew could show a later one.
    private static V1Scale ScaleOf(StoredObject item)
    {
        var set = item.As<V1StatefulSet>();
        return new V1Scale
        {
            ApiVersion = "autoscaling/v1",
            Kind = "Scale",
            Metadata = new V1ObjectMeta
            {
                Name = set.Metadata.Name,
                NamespaceProperty = set.Metadata.NamespaceProperty,
                Uid = set.Metadata.Uid,
                ResourceVersion = set.Metadata.ResourceVersion,
                CreationTimestamp = set.Metadata.CreationTimestamp,
            },
            Spec = new V1ScaleSpec { Replicas = set.Spec?.Replicas },
            Status = new V1ScaleStatus { Replicas = set.Status?.Replicas ?? 0, Selector = SelectorText(set.Spec?.Selector) },
        };
    }

    // metav1.LabelSelectorAsSelector's text: sorted by key, as the scale's clients list pods with it.
    private static string SelectorText(V1LabelSelector? selector) => string.Join(",",
        (selector?.MatchLabels?.Select(label => (label.Key, Text: $"{label.Key}={label.Value}")) ?? [])
        .Concat(selector?.MatchExpressions?.Select(requirement => (requirement.Key, Text: Requirement(requirement))) ?? [])
        .OrderBy(part => part.Key, StringComparer.Ordinal)
        .Select(part => part.Text));

    private static string Requirement(V1LabelSelectorRequirement requirement) => requirement.OperatorProperty switch
    {
        "In" => $"{requirement.Key} in ({string.Join(",", requirement.Values.Order(StringComparer.Ordinal))})",
        "NotIn" => $"{requirement.Key} notin ({string.Join(",", requirement.Values.Order(StringComparer.Ordinal))})",
        "DoesNotExist" => $"!{requirement.Key}",
        _ => requirement.Key,
    };
}
