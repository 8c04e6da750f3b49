using Orleans.StatefulSets.Resources.Faults;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>Which parts of a Fault's selector mean something to its action, and what they may say.</summary>
internal static class FaultSelectorRules
{
    // What is asked of each object that a fault may hit is bounded, and so is what asking costs.
    private const int MostNames = 100;
    private const int LongestName = 253;

    private static readonly string[] Verbs = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];

    private static readonly string[] OfNodes = ["nodes", "labelSelector"];
    private static readonly string[] OfContainers = ["nodes", "namespaces", "pods", "labelSelector", "containers", "images"];
    private static readonly string[] OfClaims = ["namespaces", "claims", "labelSelector", "storageClasses"];
    private static readonly string[] OfRequests = ["namespaces", "verbs", "resources", "userAgents"];

    public static void Check(V1alpha1FaultSpec spec, FieldErrors errors)
    {
        var action = spec.Action!;
        var selector = spec.Selector ?? new V1alpha1FaultSelector();
        var allowed = FieldsOf(action);
        var isEmpty = selector.LabelSelector is null;
        if (selector.LabelSelector is { } labels)
        {
            Allow("labelSelector", allowed, action, errors);
            LabelSelectorRules.Check(labels, "spec.selector.labelSelector", errors);
        }

        foreach (var (name, list) in Lists(selector))
        {
            if (list is { Count: > 0 })
            {
                isEmpty = false;
                Allow(name, allowed, action, errors);
                CheckNames($"spec.selector.{name}", list, errors);
            }
        }

        for (var index = 0; index < selector.Verbs?.Count; index++)
        {
            errors.OneOf($"spec.selector.verbs[{index}]", selector.Verbs[index], Verbs);
        }

        if (isEmpty && (FaultActions.HitsNodes(action) || action == FaultActions.ContainerKill))
        {
            errors.Required("spec.selector", "must say who is hit when `action` is '" + action + "'; [\"*\"] is everybody");
        }
    }

    private static string[] FieldsOf(string action) => action switch
    {
        FaultActions.ContainerKill or FaultActions.ImagePullFailure or FaultActions.ProbeFailure => OfContainers,
        FaultActions.VolumeProvisioningFailure => OfClaims,
        FaultActions.APIError or FaultActions.APIDelay => OfRequests,
        _ => OfNodes,
    };

    private static IEnumerable<(string Name, IList<string>? List)> Lists(V1alpha1FaultSelector selector) =>
    [
        ("nodes", selector.Nodes), ("namespaces", selector.Namespaces), ("pods", selector.Pods), ("containers", selector.Containers), ("images", selector.Images),
        ("claims", selector.Claims), ("storageClasses", selector.StorageClasses), ("verbs", selector.Verbs), ("resources", selector.Resources), ("userAgents", selector.UserAgents),
    ];

    private static void Allow(string field, string[] allowed, string action, FieldErrors errors)
    {
        if (!allowed.Contains(field))
        {
            FaultRules.Forbid($"spec.selector.{field}", action, errors);
        }
    }

    private static void CheckNames(string field, IList<string> names, FieldErrors errors)
    {
        if (names.Count > MostNames)
        {
            errors.TooMany(field, names.Count, MostNames);
            return;
        }

        for (var index = 0; index < names.Count; index++)
        {
            if (string.IsNullOrEmpty(names[index]))
            {
                errors.Required($"{field}[{index}]");
            }
            else if (names[index].Length > LongestName)
            {
                errors.TooLong($"{field}[{index}]", LongestName);
            }
        }
    }
}
