namespace Orleans.StatefulSets.Workloads.Dns;

/// <summary>How the cluster's DNS is found from within: a Service, whose address stands in every pod's /etc/resolv.conf.</summary>
public static class ClusterDns
{
    /// <summary>The Service's name, which it has kept from before CoreDNS.</summary>
    public const string Name = "kube-dns";

    /// <summary>The Service's namespace.</summary>
    public const string Namespace = "kube-system";

    /// <summary>Its address where nothing else is said, as kubeadm gives it.</summary>
    public const string DefaultAddress = "10.96.0.10";

    /// <summary>The port of DNS, UDP and TCP.</summary>
    public const int Port = 53;
}
