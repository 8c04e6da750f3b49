using k8s.Models;

namespace Orleans.StatefulSets.Resources.Defaulting;

/// <summary>SetDefaults_Probe, SetDefaults_HTTPGetAction and the lifecycle handlers that use it.</summary>
internal static class ProbeDefaults
{
    /// <summary>A probe with its defaults; the same instance where nothing was missing.</summary>
    public static V1Probe? Fill(V1Probe? probe)
    {
        if (probe is null)
        {
            return null;
        }

        var httpGet = Fill(probe.HttpGet);
        var grpc = probe.Grpc is { Service: null } ? probe.Grpc with { Service = "" } : probe.Grpc;
        var complete = IsSet(probe.TimeoutSeconds) && IsSet(probe.PeriodSeconds) && IsSet(probe.SuccessThreshold) && IsSet(probe.FailureThreshold)
            && ReferenceEquals(httpGet, probe.HttpGet) && ReferenceEquals(grpc, probe.Grpc);
        return complete ? probe : probe with
        {
            HttpGet = httpGet,
            Grpc = grpc,
            TimeoutSeconds = Or(probe.TimeoutSeconds, 1),
            PeriodSeconds = Or(probe.PeriodSeconds, 10),
            SuccessThreshold = Or(probe.SuccessThreshold, 1),
            FailureThreshold = Or(probe.FailureThreshold, 3),
        };
    }

    /// <summary>Lifecycle hooks with their defaults; the same instance where nothing was missing.</summary>
    public static V1Lifecycle? Fill(V1Lifecycle? lifecycle)
    {
        if (lifecycle is null)
        {
            return null;
        }

        var postStart = Fill(lifecycle.PostStart);
        var preStop = Fill(lifecycle.PreStop);
        return ReferenceEquals(postStart, lifecycle.PostStart) && ReferenceEquals(preStop, lifecycle.PreStop)
            ? lifecycle
            : lifecycle with { PostStart = postStart, PreStop = preStop };
    }

    private static V1LifecycleHandler? Fill(V1LifecycleHandler? handler)
    {
        if (handler?.HttpGet is not { } given)
        {
            return handler;
        }

        var httpGet = Fill(given);
        return ReferenceEquals(httpGet, given) ? handler : handler with { HttpGet = httpGet };
    }

    private static V1HTTPGetAction? Fill(V1HTTPGetAction? action)
    {
        if (action is null || (!string.IsNullOrEmpty(action.Path) && !string.IsNullOrEmpty(action.Scheme)))
        {
            return action;
        }

        return action with
        {
            Path = string.IsNullOrEmpty(action.Path) ? "/" : action.Path,
            Scheme = string.IsNullOrEmpty(action.Scheme) ? "HTTP" : action.Scheme,
        };
    }

    // Go has no absent number here: zero is what was left out.
    private static bool IsSet(int? number) => number is not (null or 0);

    private static int Or(int? given, int otherwise) => IsSet(given) ? given!.Value : otherwise;
}
