using k8s.Models;
using Orleans.StatefulSets.Resources.Defaulting;
using Orleans.StatefulSets.Resources.Validation;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.Strategies;

/// <summary>pkg/registry/core/podtemplate/strategy.go.</summary>
internal sealed class PodTemplateStrategy : ObjectStrategy<V1PodTemplate>
{
    protected override V1PodTemplate Created(V1PodTemplate model, IClusterView cluster, DateTime now) =>
        model with { Metadata = model.Metadata with { Generation = 1 }, Template = Fill(model.Template) };

    protected override V1PodTemplate Updated(V1PodTemplate next, V1PodTemplate current, string subresource, IClusterView cluster, DateTime now)
    {
        var template = Fill(next.Template);
        return next with
        {
            Metadata = Generation(next.Metadata, current.Metadata, !SemanticEquality.Same(template, current.Template)),
            Template = template,
        };
    }

    protected override void Check(V1PodTemplate model, FieldErrors errors)
    {
        ObjectMetaRules.Check(model.Metadata, NameRules.Subdomain, errors);
        CheckTemplate(model.Template, errors);
    }

    protected override void CheckUpdate(V1PodTemplate next, V1PodTemplate current, string subresource, FieldErrors errors) => CheckTemplate(next.Template, errors);

    protected override IReadOnlyList<string> Warn(V1PodTemplate model) => PodWarnings.Of(model.Template.Spec, "template.spec");

    private static V1PodTemplateSpec Fill(V1PodTemplateSpec? template) =>
        (template ?? new V1PodTemplateSpec()) with { Spec = PodSpecDefaults.FillTemplate(template?.Spec ?? new V1PodSpec()) };

    private static void CheckTemplate(V1PodTemplateSpec template, FieldErrors errors)
    {
        ObjectMetaRules.CheckLabels(template.Metadata?.Labels, "template.labels", errors);
        ObjectMetaRules.CheckAnnotations(template.Metadata?.Annotations, "template.annotations", errors);
        PodSpecRules.CheckTemplate(template.Spec, "template.spec", [], errors);
    }
}
