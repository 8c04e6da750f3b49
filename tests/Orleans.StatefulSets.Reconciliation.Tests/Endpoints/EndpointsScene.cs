using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Endpoints;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Reconciliation.Tests.Endpoints;

/// <summary>A Service, its pods, and what was written for it so far, as it comes back from storage.</summary>
internal sealed class EndpointsScene(V1Service service)
{
    internal static readonly DateTime Now = new(2025, 6, 1, 12, 0, 0, DateTimeKind.Utc);

    internal V1Service Service { get; set; } = service;

    internal List<V1Pod> Pods { get; } = [];

    internal V1Endpoints? Endpoints { get; private set; }

    internal List<V1EndpointSlice> Slices { get; private set; } = [];

    internal static EndpointsScene Headless(params V1ServicePort[] ports) => new(new V1Service
    {
        ApiVersion = "v1",
        Kind = "Service",
        Metadata = new V1ObjectMeta
        {
            Name = "nginx",
            NamespaceProperty = "default",
            Uid = "service-uid",
            Labels = new Dictionary<string, string> { ["app"] = "nginx" },
        },
        Spec = new V1ServiceSpec { ClusterIP = "None", Selector = new Dictionary<string, string> { ["app"] = "nginx" }, Ports = ports },
    });

    internal static V1ServicePort Web(string targetPort = "80") =>
        new() { Name = "web", Port = 80, Protocol = "TCP", TargetPort = targetPort };

    internal EndpointsPlan Decide() => EndpointsDecision.Decide(Service, Pods, Endpoints, Slices, Now, node => $"zone-of-{node}");

    /// <summary>Decides, stores what was decided, and asserts that nothing is left to do.</summary>
    internal EndpointsPlan Apply()
    {
        var plan = Decide();
        Endpoints = Stored(plan.UpdateEndpoints ?? plan.CreateEndpoints) ?? Endpoints;
        foreach (var slice in plan.UpdateSlices)
        {
            Slices[Slices.FindIndex(old => old.Metadata.Name == slice.Metadata.Name)] = Stored(slice)!;
        }

        Slices.RemoveAll(slice => plan.DeleteSlices.Any(gone => gone.Metadata.Name == slice.Metadata.Name));
        Slices.AddRange(plan.CreateSlices.Select(slice => Stored(slice)!));
        AssertTrueToThePods();
        return plan;
    }

    // Safety after every step: each addressed pod in exactly one slice of its ports, no slice too full, and the plan has settled.
    private void AssertTrueToThePods()
    {
        Assert.True(Decide().IsEmpty, "decided twice, something still changes");
        Assert.Equal(Slices.Count, Slices.Select(slice => slice.Metadata.Name).Distinct().Count());
        Assert.All(Slices, slice => Assert.InRange(slice.Endpoints.Count, 0, 100));
        var uids = Slices.SelectMany(slice => slice.Endpoints).Select(endpoint => endpoint.TargetRef.Uid).ToList();
        Assert.Equal(uids.Count, uids.Distinct().Count());
    }

    private static T? Stored<T>(T? model)
        where T : class => model is null ? null : ObjectJson.Decode<T>(ObjectJson.Encode(model));
}
