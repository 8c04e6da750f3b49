using k8s.Models;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.Defaulting;

/// <summary>The admission plug-in Priority (plugin/pkg/admission/priority): a pod gets the priority of its class.</summary>
internal static class PriorityAdmission
{
    private const string Preempts = "PreemptLowerPriority";

    /// <summary>The spec with class, priority and preemption policy.</summary>
    /// <exception cref="ApiException">403: there is no such class, or the pod names a priority of its own.</exception>
    public static V1PodSpec Admit(V1ObjectMeta metadata, V1PodSpec spec, IClusterView cluster)
    {
        var chosen = string.IsNullOrEmpty(spec.PriorityClassName)
            ? Default(cluster)
            : Find(spec.PriorityClassName, cluster) ?? throw Forbidden(metadata, $"no PriorityClass with name {spec.PriorityClassName} was found");
        var priority = chosen?.Value ?? 0;
        var policy = chosen?.PreemptionPolicy ?? Preempts;
        if (spec.Priority is { } given && given != priority)
        {
            throw Forbidden(metadata, $"the integer value of priority ({given}) must not be provided in pod spec; priority admission controller computed {priority} from the given PriorityClass name");
        }

        if (spec.PreemptionPolicy is { } wanted && wanted != policy)
        {
            throw Forbidden(metadata, $"the string value of PreemptionPolicy ({wanted}) must not be provided in pod spec; priority admission controller computed {policy} from the given PriorityClass name");
        }

        return spec with { PriorityClassName = chosen?.Metadata.Name ?? spec.PriorityClassName, Priority = priority, PreemptionPolicy = policy };
    }

    /// <summary>Only one class can be the default of pods that name none.</summary>
    /// <exception cref="ApiException">403: another one is.</exception>
    public static void CheckDefault(V1PriorityClass model, IClusterView cluster)
    {
        if (model.GlobalDefault == true && Default(cluster) is { } other && other.Metadata.Name != model.Metadata.Name)
        {
            throw ApiErrors.Forbidden(
                ResourceKinds.PriorityClasses, model.Metadata.Name ?? "", $"PriorityClass {other.Metadata.Name} is already marked as default. Only one default can exist");
        }
    }

    // A cluster stored by an older version may not have the classes of its own yet.
    private static V1PriorityClass? Find(string name, IClusterView cluster) =>
        cluster.Find(ResourceKinds.PriorityClasses.Key("", name))?.As<V1PriorityClass>() ?? SystemPriorityClasses.Find(name);

    // "… the smallest value of such global default PriorityClasses will be used as the default priority."
    private static V1PriorityClass? Default(IClusterView cluster) => cluster.List(ResourceKinds.PriorityClasses.Resource, null)
        .Select(item => (V1PriorityClass)item.KeepModel()).Where(item => item.GlobalDefault == true).MinBy(item => item.Value);

    private static ApiException Forbidden(V1ObjectMeta metadata, string why) => ApiErrors.Forbidden(ResourceKinds.Pods, metadata.Name ?? "", why);
}
