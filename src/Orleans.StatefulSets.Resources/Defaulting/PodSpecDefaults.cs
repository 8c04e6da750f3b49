using k8s.Models;

namespace Orleans.StatefulSets.Resources.Defaulting;

/// <summary>The defaults of a pod's spec (pkg/apis/core/v1/defaults.go): those that templates share, and those of pods alone.</summary>
internal static class PodSpecDefaults
{
    /// <summary>SetDefaults_PodSpec, as a pod template gets it; the same instance where nothing was missing.</summary>
    public static V1PodSpec FillTemplate(V1PodSpec spec)
    {
        var containers = SharedLists.Each(spec.Containers, ContainerDefaults.Fill);
        var initContainers = SharedLists.Each(spec.InitContainers, ContainerDefaults.Fill);
        var ephemeral = SharedLists.Each(spec.EphemeralContainers, ContainerDefaults.Fill);
        var volumes = SharedLists.Each(spec.Volumes, VolumeDefaults.Fill);
        var account = string.IsNullOrEmpty(spec.ServiceAccountName) ? spec.ServiceAccount : spec.ServiceAccountName;
        var complete = !string.IsNullOrEmpty(spec.DnsPolicy)
            && !string.IsNullOrEmpty(spec.RestartPolicy)
            && !string.IsNullOrEmpty(spec.SchedulerName)
            && spec.SecurityContext is not null
            && spec.TerminationGracePeriodSeconds is not null
            && spec.ServiceAccountName == account
            && spec.ServiceAccount == account
            && ReferenceEquals(containers, spec.Containers)
            && ReferenceEquals(initContainers, spec.InitContainers)
            && ReferenceEquals(ephemeral, spec.EphemeralContainers)
            && ReferenceEquals(volumes, spec.Volumes);
        return complete ? spec : spec with
        {
            DnsPolicy = Or(spec.DnsPolicy, "ClusterFirst"),
            RestartPolicy = Or(spec.RestartPolicy, "Always"),
            SchedulerName = Or(spec.SchedulerName, "default-scheduler"),
            SecurityContext = spec.SecurityContext ?? new V1PodSecurityContext(),
            TerminationGracePeriodSeconds = spec.TerminationGracePeriodSeconds ?? 30,
            ServiceAccountName = account,
            ServiceAccount = account,
            Containers = containers,
            InitContainers = initContainers,
            EphemeralContainers = ephemeral,
            Volumes = volumes,
        };
    }

    /// <summary>SetDefaults_Pod: a template's defaults, requests from limits, service links, host ports.</summary>
    public static V1PodSpec FillPod(V1PodSpec given)
    {
        var spec = FillTemplate(given);
        var containers = SharedLists.Each(spec.Containers, ContainerDefaults.RequestLimits);
        var initContainers = SharedLists.Each(spec.InitContainers, ContainerDefaults.RequestLimits);
        if (spec.HostNetwork == true)
        {
            containers = SharedLists.Each(containers, ContainerDefaults.ShareHostPorts);
            initContainers = SharedLists.Each(initContainers, ContainerDefaults.ShareHostPorts);
        }

        var complete = spec.EnableServiceLinks is not null
            && ReferenceEquals(containers, spec.Containers)
            && ReferenceEquals(initContainers, spec.InitContainers);
        return complete ? spec : spec with
        {
            EnableServiceLinks = spec.EnableServiceLinks ?? true,
            Containers = containers,
            InitContainers = initContainers,
        };
    }

    private static string Or(string? given, string otherwise) => string.IsNullOrEmpty(given) ? otherwise : given;
}
