using k8s.Models;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>legacyValidateEvent (pkg/apis/core/validation/events.go).</summary>
internal static class EventRules
{
    public static void Check(Corev1Event model, FieldErrors errors)
    {
        var involved = model.InvolvedObject?.NamespaceProperty ?? "";
        var own = model.Metadata.NamespaceProperty ?? "";
        if (involved.Length == 0)
        {
            // What has no namespace is told of in the default one.
            if (own is not ("" or "default" or "kube-system"))
            {
                errors.Invalid("involvedObject.namespace", involved, "does not match event.namespace");
            }
        }
        else if (involved != own)
        {
            errors.Invalid("involvedObject.namespace", involved, "does not match event.namespace");
        }
    }
}
