using k8s.Models;
using Orleans.StatefulSets.Workloads.Dns;

namespace Orleans.StatefulSets.Workloads.Tests.Dns;

/// <summary>Host names by <c>pkg/kubelet/kubelet_pods.go</c> and <c>pkg/kubelet/util/util.go</c>.</summary>
public sealed class PodHostnameTests
{
    private static readonly string Sixty = new('a', 60);

    // "hostname := pod.Name; if len(pod.Spec.Hostname) > 0 … hostname = pod.Spec.Hostname"
    // "Cap hostname at 63 chars (specification is 64bytes which is 63 chars and the null terminating char)."; "hostname should not end with '-' or '.'"
    [Theory]
    [InlineData("web-0", null, "web-0")]
    [InlineData("web-0", "other", "other")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaabcd", null, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-.bcd", null, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void A_hostname_is_the_given_one_or_the_pods_name_cut(string name, string? hostname, string expected) =>
        Assert.Equal(new PodHostname(expected, ""), PodHostname.Of(Pod(name, hostname)));

    // "hostDomain = fmt.Sprintf("%s.%s.svc.%s", pod.Spec.Subdomain, pod.Namespace, clusterDomain)"
    [Fact]
    public void A_subdomain_gives_a_domain() => Assert.Equal(
        new PodHostname("web-0", "nginx.shop.svc.cluster.local"), PodHostname.Of(Pod("web-0", "web-0", "nginx")));

    [Theory]
    [InlineData(false, "nginx", false, "web-0")]
    [InlineData(true, "nginx", false, "web-0.nginx.shop.svc.cluster.local")]
    [InlineData(true, null, false, "web-0")]
    [InlineData(true, "nginx", true, "node-1")]
    public void The_kernel_is_told_the_full_name_where_it_is_asked_for(bool full, string? subdomain, bool hostNetwork, string expected)
    {
        var pod = Pod("web-0", "web-0", subdomain);
        pod = pod with { Spec = pod.Spec with { SetHostnameAsFQDN = full, HostNetwork = hostNetwork, NodeName = "node-1" } };

        Assert.Equal(expected, PodHostname.OfKernel(pod, out var error));
        Assert.Null(error);
    }

    // "FQDN has to be 64 chars to fit in the Linux nodename kernel field"
    [Fact]
    public void A_full_name_that_does_not_fit_keeps_the_pod_from_starting()
    {
        var pod = Pod(Sixty, Sixty, "nginx");
        pod = pod with { Spec = pod.Spec with { SetHostnameAsFQDN = true } };

        Assert.Null(PodHostname.OfKernel(pod, out var error));
        Assert.Equal(
            $"Failed to construct FQDN from pod hostname and cluster domain, FQDN {Sixty}.nginx.shop.svc.cluster.local is too long (64 characters is the max, 89 characters requested)",
            error);
    }

    private static V1Pod Pod(string name, string? hostname = null, string? subdomain = null) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "shop" },
        Spec = new V1PodSpec { Hostname = hostname, Subdomain = subdomain },
    };
}
