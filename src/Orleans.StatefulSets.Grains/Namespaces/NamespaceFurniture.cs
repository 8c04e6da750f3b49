using k8s.Models;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Namespaces;

/// <summary>What stands in every namespace (<c>pkg/controller/serviceaccount</c>, <c>pkg/controller/certificates/rootcacertpublisher</c>).</summary>
internal static class NamespaceFurniture
{
    public const string ServiceAccountName = "default";
    public const string RootCertificateName = "kube-root-ca.crt";

    /// <summary>Whether an object is one that its namespace always has.</summary>
    public static bool Includes(ObjectKey key) =>
        key == ResourceKinds.ServiceAccounts.Key(key.Namespace, ServiceAccountName) || key == ResourceKinds.ConfigMaps.Key(key.Namespace, RootCertificateName);

    public static V1ServiceAccount DefaultServiceAccount(string @namespace) => new()
    {
        ApiVersion = "v1",
        Kind = "ServiceAccount",
        Metadata = new V1ObjectMeta { Name = ServiceAccountName, NamespaceProperty = @namespace },
    };

    public static V1ConfigMap RootCertificate(string @namespace) => new()
    {
        ApiVersion = "v1",
        Kind = "ConfigMap",
        Metadata = new V1ObjectMeta
        {
            Name = RootCertificateName,
            NamespaceProperty = @namespace,
            Annotations = new Dictionary<string, string>
            {
                ["kubernetes.io/description"] = "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.",
            },
        },
        // The API speaks plain HTTP on loopback, so there is no authority whose certificate could stand here.
        Data = new Dictionary<string, string> { ["ca.crt"] = "" },
    };
}
