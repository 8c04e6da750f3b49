using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Endpoints;

/// <summary>A slice while the plan is made: what it holds now and what it will hold.</summary>
internal sealed class SliceDraft
{
    private bool isPlaceholder;

    internal SliceDraft(V1EndpointSlice current)
    {
        Current = current;
        Ports = current.Ports ?? [];
        Endpoints = [.. current.Endpoints ?? []];
    }

    private SliceDraft(IList<Discoveryv1EndpointPort> ports)
    {
        Ports = ports;
        Endpoints = [];
        IsClaimed = true;
        IsChanged = true;
    }

    /// <summary>The stored slice; null for one to be created.</summary>
    internal V1EndpointSlice? Current { get; }

    internal IList<Discoveryv1EndpointPort> Ports { get; private set; }

    internal List<V1Endpoint> Endpoints { get; private set; }

    /// <summary>Its ports are those of some pods; a slice that nobody claims goes.</summary>
    internal bool IsClaimed { get; private set; }

    internal bool IsChanged { get; private set; }

    internal bool IsToGo => !isPlaceholder && (!IsClaimed || Endpoints.Count == 0);

    internal int Room => EndpointSlicePlanner.MaxEndpoints - Endpoints.Count;

    internal static SliceDraft New(IList<Discoveryv1EndpointPort> ports) => new(ports);

    /// <summary>Keeps the endpoints whose pods are still wanted, and takes those off the list of the wanted.</summary>
    /// <param name="wanted">Pods by uid.</param>
    /// <param name="renew">The endpoint as it should be for its pod: the very same where nothing changed.</param>
    internal void Keep(Dictionary<string, V1Pod> wanted, Func<V1Endpoint, V1Pod, V1Endpoint> renew)
    {
        IsClaimed = true;
        var kept = new List<V1Endpoint>(Endpoints.Count);
        foreach (var endpoint in Endpoints)
        {
            if (endpoint.TargetRef?.Uid is not { } uid || !wanted.Remove(uid, out var pod))
            {
                IsChanged = true;
                continue;
            }

            var renewed = renew(endpoint, pod);
            IsChanged |= !ReferenceEquals(renewed, endpoint);
            kept.Add(renewed);
        }

        Endpoints = kept;
    }

    /// <summary>Takes as many from the list, from an index on, as there is room for; answers how many.</summary>
    internal int Fill(List<V1Endpoint> left, int from)
    {
        var count = Math.Min(Room, left.Count - from);
        if (count <= 0)
        {
            return 0;
        }

        Endpoints.AddRange(left.GetRange(from, count));
        IsChanged = true;
        return count;
    }

    /// <summary>A slice that would go serves for other ports instead.</summary>
    internal SliceDraft Recycle(IList<Discoveryv1EndpointPort> ports)
    {
        Ports = ports;
        Endpoints = [];
        IsClaimed = true;
        IsChanged = true;
        return this;
    }

    /// <summary>The one empty slice of a Service without endpoints.</summary>
    internal void BecomePlaceholder()
    {
        IsChanged |= Endpoints.Count > 0 || Ports.Count > 0;
        isPlaceholder = true;
        Ports = [];
        Endpoints = [];
    }
}
