using k8s.Models;

namespace Orleans.StatefulSets.Grains.Pods;

/// <summary>Which pods a Service selects: those that carry every pair of its selector; one without a selector selects none.</summary>
internal static class ServiceSelection
{
    public static bool Selects(V1Service service, IDictionary<string, string>? labels)
    {
        if (service.Spec?.Selector is not { Count: > 0 } selector || labels is null)
        {
            return false;
        }

        foreach (var (key, value) in selector)
        {
            if (!labels.TryGetValue(key, out var actual) || actual != value)
            {
                return false;
            }
        }

        return true;
    }
}
