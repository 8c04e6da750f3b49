namespace Orleans.StatefulSets.Resources.Faults;

/// <summary>What a Fault does: the values of <c>spec.action</c>.</summary>
public static class FaultActions
{
    /// <summary>A machine goes off, and boots again at the end.</summary>
    public const string NodeCrash = "NodeCrash";

    /// <summary>A machine hangs: it says and does nothing, loses nothing, and goes on at the end.</summary>
    public const string NodeFreeze = "NodeFreeze";

    /// <summary>A node is cordoned and its pods are evicted as their budgets allow; at the end it is uncordoned.</summary>
    public const string NodeDrain = "NodeDrain";

    /// <summary>A Node is deleted and its machine taken away; at the end a machine of that name joins again.</summary>
    public const string NodeRemove = "NodeRemove";

    /// <summary>A container's processes are killed.</summary>
    public const string ContainerKill = "ContainerKill";

    /// <summary>An image's registry does not answer.</summary>
    public const string ImagePullFailure = "ImagePullFailure";

    /// <summary>A provisioner makes no volume.</summary>
    public const string VolumeProvisioningFailure = "VolumeProvisioningFailure";

    /// <summary>A container does not answer a probe in time.</summary>
    public const string ProbeFailure = "ProbeFailure";

    /// <summary>The API refuses a request.</summary>
    public const string APIError = "APIError";

    /// <summary>The API answers a request late.</summary>
    public const string APIDelay = "APIDelay";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
        [NodeCrash, NodeFreeze, NodeDrain, NodeRemove, ContainerKill, ImagePullFailure, VolumeProvisioningFailure, ProbeFailure, APIError, APIDelay];

    /// <summary>It is done to nodes, which are chosen when it begins.</summary>
    public static bool HitsNodes(string? action) => action is NodeCrash or NodeFreeze or NodeDrain or NodeRemove;
}
