using k8s.Models;

namespace Orleans.StatefulSets.Workloads.Dns;

/// <summary>What a pod calls itself (kubelet's <c>GeneratePodHostNameAndDomain</c> and <c>GetNodenameForKernel</c>).</summary>
/// <param name="Hostname">Its host name, at most 63 characters.</param>
/// <param name="Domain">Its domain where it has a subdomain, such as <c>nginx.default.svc.cluster.local</c>; else "".</param>
public sealed record PodHostname(string Hostname, string Domain)
{
    private const int LongestHostname = 63;
    private const int LongestFullName = 64;

    /// <summary>The names of a pod.</summary>
    public static PodHostname Of(V1Pod pod)
    {
        var given = string.IsNullOrEmpty(pod.Spec.Hostname) ? pod.Metadata.Name : pod.Spec.Hostname;
        var hostname = given.Length <= LongestHostname ? given : given[..LongestHostname].TrimEnd('-', '.');
        return new PodHostname(
            hostname, string.IsNullOrEmpty(pod.Spec.Subdomain) ? "" : $"{pod.Spec.Subdomain}.{pod.Metadata.NamespaceProperty}.svc.{ClusterZone.Domain}");
    }

    /// <summary>
    /// What <c>hostname</c> prints in a pod's containers: the node's name with <c>hostNetwork</c>, the full name with
    /// <c>setHostnameAsFQDN</c>, else the host name.
    /// </summary>
    /// <param name="pod">The pod.</param>
    /// <param name="error">What keeps the pod from starting: its full name does not fit into the kernel's 64 characters.</param>
    /// <returns>The name, or null with the error.</returns>
    public static string? OfKernel(V1Pod pod, out string? error)
    {
        error = null;
        if (pod.Spec.HostNetwork == true)
        {
            return pod.Spec.NodeName;
        }

        var (hostname, domain) = Of(pod);
        if (pod.Spec.SetHostnameAsFQDN != true || domain.Length == 0)
        {
            return hostname;
        }

        var full = $"{hostname}.{domain}";
        error = full.Length <= LongestFullName
            ? null
            : $"Failed to construct FQDN from pod hostname and cluster domain, FQDN {full} is too long ({LongestFullName} characters is the max, {full.Length} characters requested)";
        return error is null ? full : null;
    }
}
