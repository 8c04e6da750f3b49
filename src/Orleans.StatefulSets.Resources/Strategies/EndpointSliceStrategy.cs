using k8s.Models;
using Orleans.StatefulSets.Resources.Defaulting;
using Orleans.StatefulSets.Resources.Validation;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.Strategies;

/// <summary>pkg/registry/discovery/endpointslice/strategy.go: any change but one of bookkeeping raises the generation.</summary>
internal sealed class EndpointSliceStrategy : ObjectStrategy<V1EndpointSlice>
{
    protected override V1EndpointSlice Created(V1EndpointSlice model, IClusterView cluster, DateTime now) =>
        Fill(model) with { Metadata = model.Metadata with { Generation = 1 } };

    protected override V1EndpointSlice Updated(V1EndpointSlice next, V1EndpointSlice current, string subresource, IClusterView cluster, DateTime now)
    {
        var filled = Fill(next);
        return filled with { Metadata = Generation(next.Metadata, current.Metadata, IsChanged(filled, current)) };
    }

    protected override void Check(V1EndpointSlice model, FieldErrors errors)
    {
        ObjectMetaRules.Check(model.Metadata, NameRules.Subdomain, errors);
        EndpointSliceRules.Check(model, errors);
    }

    protected override void CheckUpdate(V1EndpointSlice next, V1EndpointSlice current, string subresource, FieldErrors errors)
    {
        EndpointSliceRules.Check(next, errors);
        ObjectMetaRules.CheckImmutable("addressType", next.AddressType, current.AddressType, errors);
    }

    private static V1EndpointSlice Fill(V1EndpointSlice model)
    {
        var ports = SharedLists.Each(model.Ports, static port => port.Name is not null && !string.IsNullOrEmpty(port.Protocol)
            ? port
            : port with { Name = port.Name ?? "", Protocol = string.IsNullOrEmpty(port.Protocol) ? "TCP" : port.Protocol });
        return ReferenceEquals(ports, model.Ports) ? model : model with { Ports = ports };
    }

    private static bool IsChanged(V1EndpointSlice next, V1EndpointSlice current) =>
        next.AddressType != current.AddressType
        || !SemanticEquality.Same(next.Endpoints, current.Endpoints)
        || !SemanticEquality.Same(next.Ports, current.Ports)
        || !SemanticEquality.Same(next.Metadata.Labels, current.Metadata.Labels)
        || !SemanticEquality.Same(next.Metadata.Annotations, current.Metadata.Annotations);
}
