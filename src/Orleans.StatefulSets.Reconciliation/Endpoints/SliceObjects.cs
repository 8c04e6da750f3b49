using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Endpoints;

/// <summary>Slices as stored objects: names, labels, owner.</summary>
internal static class SliceObjects
{
    // apimachinery's util/rand: letters and digits that spell no words.
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    internal static V1EndpointSlice New(
        V1Service service, SliceDraft draft, Dictionary<string, string> labels, HashSet<string> takenNames, string trigger) => new()
        {
            ApiVersion = "discovery.k8s.io/v1",
            Kind = "EndpointSlice",
            Metadata = new V1ObjectMeta
            {
                Name = FreeName(service, takenNames),
                GenerateName = $"{service.Metadata.Name}-",
                NamespaceProperty = service.Metadata.NamespaceProperty,
                Labels = labels,
                Annotations = new Dictionary<string, string> { [EndpointsDecision.TriggerTimeAnnotation] = trigger },
                OwnerReferences = [Owner(service)],
            },
            AddressType = "IPv4",
            Endpoints = draft.Endpoints,
            Ports = draft.Ports,
        };

    internal static V1EndpointSlice Changed(V1EndpointSlice current, SliceDraft draft, Dictionary<string, string> labels, string trigger)
    {
        var annotations = new Dictionary<string, string>(current.Metadata.Annotations ?? new Dictionary<string, string>())
        {
            [EndpointsDecision.TriggerTimeAnnotation] = trigger,
        };
        return current with
        {
            Metadata = current.Metadata with { Labels = labels, Annotations = annotations },
            Endpoints = draft.Endpoints,
            Ports = draft.Ports,
        };
    }

    /// <summary>The Service's labels, and what tells whose slice it is.</summary>
    internal static Dictionary<string, string> Labels(V1Service service)
    {
        var labels = new Dictionary<string, string>(service.Metadata.Labels ?? new Dictionary<string, string>())
        {
            [EndpointSlicePlanner.ServiceNameLabel] = service.Metadata.Name,
            [EndpointSlicePlanner.ManagedByLabel] = EndpointSlicePlanner.ManagedBy,
        };
        labels.Remove(EndpointsDecision.HeadlessLabel);
        if (EndpointsDecision.IsHeadless(service))
        {
            labels[EndpointsDecision.HeadlessLabel] = "";
        }

        return labels;
    }

    // The first free one in a row that the Service's uid fixes: whoever makes the plan, the names are the same.
    private static string FreeName(V1Service service, HashSet<string> taken)
    {
        for (var index = 0; ; index++)
        {
            var name = $"{service.Metadata.Name}-{Suffix($"{service.Metadata.Uid}/{index.ToString(CultureInfo.InvariantCulture)}")}";
            if (taken.Add(name))
            {
                return name;
            }
        }
    }

    private static string Suffix(string seed)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(seed));
        return string.Create(5, hash, (text, bytes) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = Alphabet[bytes[i] % Alphabet.Length];
            }
        });
    }

    private static V1OwnerReference Owner(V1Service service) => new()
    {
        ApiVersion = "v1",
        Kind = "Service",
        Name = service.Metadata.Name,
        Uid = service.Metadata.Uid,
        Controller = true,
        BlockOwnerDeletion = true,
    };
}
