namespace Orleans.StatefulSets.Acceptance.Tests.Kubectl;

/// <summary>The lines that a watch of pods prints for the parts of one pod's life, as a 1.33 cluster's does.</summary>
internal static class PodLife
{
    /// <summary>Created, scheduled, accepted by its node, running.</summary>
    public static IEnumerable<string> Starts(string pod) => [$"{pod} 0/1 Pending 0", $"{pod} 0/1 Pending 0", $"{pod} 0/1 ContainerCreating 0", Runs(pod)];

    /// <summary>Asked to end, ended with exit code 0, its grace taken away, gone.</summary>
    public static IEnumerable<string> Ends(string pod) => [$"{pod} 1/1 Terminating 0", $"{pod} 0/1 Completed 0", $"{pod} 0/1 Completed 0", $"{pod} 0/1 Completed 0"];

    /// <summary>Ended, and created again.</summary>
    public static IEnumerable<string> IsReplaced(string pod) => [.. Ends(pod), .. Starts(pod)];

    /// <summary>There and well; what a list or a change that no column shows prints.</summary>
    public static string Runs(string pod) => $"{pod} 1/1 Running 0";
}
