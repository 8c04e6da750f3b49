using k8s.Models;
using Orleans.StatefulSets.Resources.Faults;

namespace Orleans.StatefulSets.Resources.Kinds;

/// <summary>The types that objects are made of: the official client library's, and those of the emulator's own kind.</summary>
public static class ModelTypes
{
    /// <summary>The type stands for a JSON object with named fields.</summary>
    public static bool IsStruct(Type type) => type.Namespace == typeof(V1Pod).Namespace || type.Namespace == typeof(V1alpha1Fault).Namespace;

    /// <summary>The type of a name such as <c>V1PodStatus</c>.</summary>
    /// <exception cref="TypeLoadException">There is none.</exception>
    public static Type Find(string name) =>
        typeof(V1alpha1Fault).Assembly.GetType($"{typeof(V1alpha1Fault).Namespace}.{name}", throwOnError: false)
        ?? typeof(V1Pod).Assembly.GetType($"{typeof(V1Pod).Namespace}.{name}", throwOnError: true)!;
}
