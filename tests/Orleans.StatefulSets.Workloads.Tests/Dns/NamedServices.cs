using System.Runtime.CompilerServices;
using k8s;
using k8s.Models;
using Orleans.StatefulSets.Workloads.Network;

namespace Orleans.StatefulSets.Workloads.Tests.Dns;

/// <summary>Services in lists that are looked through from the start: slow, and plain enough to be right.</summary>
internal sealed class NamedServices(params object[] objects) : IServiceDirectory
{
    private readonly List<V1Service> services = [.. objects.OfType<V1Service>()];
    private readonly List<ServiceSlice> slices =
        [.. objects.OfType<V1EndpointSlice>().Select(slice => ServiceSlice.Of(slice, name => name)).OfType<ServiceSlice>().OrderBy(slice => slice.Name, StringComparer.Ordinal)];

    public long Version => 42;

    public bool HasNamespace(string name) => name == "lonely" || services.Exists(service => service.Metadata.NamespaceProperty == name);

    public V1Service? Find(string @namespace, string name) =>
        services.Find(service => service.Metadata.NamespaceProperty == @namespace && service.Metadata.Name == name);

    public V1Service? FindByAddress(Ipv4Address address) => services.Find(service => service.Spec.ClusterIP == address.ToString());

    public V1Service? FindByNodePort(int port) => services.Find(service => service.Spec.Ports?.Any(candidate => candidate.NodePort == port) == true);

    public IReadOnlyList<ServiceSlice> SlicesOf(string @namespace, string service) =>
        slices.FindAll(slice => slice.Namespace == @namespace && slice.Service == service);

    public IReadOnlyList<ServiceSlice> SlicesOf(string @namespace, string service, string label) => SlicesOf(@namespace, service);

    public IReadOnlyList<ServiceSlice> SlicesWith(Ipv4Address address) => slices.FindAll(slice => slice.Endpoints.Any(endpoint => endpoint.Address == address));

    public static NamedServices Golden() => new([.. KubernetesYaml.LoadAllFromString(File.ReadAllText(Path.Combine(GoldenFolder(), "cluster.yaml")), new Dictionary<string, Type>
    {
        ["v1/Service"] = typeof(V1Service),
        ["discovery.k8s.io/v1/EndpointSlice"] = typeof(V1EndpointSlice),
    })]);

    public static string GoldenFolder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Golden");
}
