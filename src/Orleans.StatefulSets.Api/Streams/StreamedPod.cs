using k8s.Models;
using Orleans.StatefulSets.Api.Hosting;
using Orleans.StatefulSets.Api.Lists;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Api.Streams;

/// <summary>The pod of a stream, and what an API server asks of it before it turns to the kubelet (<c>pkg/registry/core/pod/strategy.go</c>).</summary>
internal sealed class StreamedPod(V1Pod pod)
{
    /// <exception cref="ApiException">404: no such pod.</exception>
    public static async Task<StreamedPod> FindAsync(ApiServices api, ApiContext context)
    {
        var replica = api.Replicas.For(ResourceKinds.Pods.Resource);
        await replica.CatchUpAsync(context.Http, context.Cancellation);
        var found = replica.Find(context.Path.Key) ?? throw ApiErrors.NotFound(ResourceKinds.Pods, context.Path.Name);
        return new StreamedPod(found.As<V1Pod>());
    }

    /// <summary>Whether the pod has a node: without, nobody runs it.</summary>
    public bool HasNode => !string.IsNullOrEmpty(pod.Spec?.NodeName);

    /// <exception cref="ApiException">400: it has none.</exception>
    public void RequireNode()
    {
        if (!HasNode)
        {
            throw ApiErrors.BadRequest($"pod {pod.Metadata.Name} does not have a host assigned");
        }
    }

    /// <summary>The container that is meant: the one that was named, else the only one.</summary>
    /// <exception cref="ApiException">400: there is none of that name, or several and none was named.</exception>
    public string Container(string? named)
    {
        if (!string.IsNullOrEmpty(named))
        {
            return Names().Contains(named) ? named : throw ApiErrors.BadRequest($"container {named} is not valid for pod {pod.Metadata.Name}");
        }

        return pod.Spec?.Containers switch
        {
            [var only] => only.Name,
            { Count: > 1 } => throw ApiErrors.BadRequest(
                $"a container name must be specified for pod {pod.Metadata.Name}, choose one of: [{string.Join(' ', Names())}]"),
            _ => throw ApiErrors.BadRequest($"a container name must be specified for pod {pod.Metadata.Name}"),
        };
    }

    private IEnumerable<string> Names() =>
    [
        .. pod.Spec?.InitContainers?.Select(container => container.Name) ?? [],
        .. pod.Spec?.Containers?.Select(container => container.Name) ?? [],
        .. pod.Spec?.EphemeralContainers?.Select(container => container.Name) ?? [],
    ];
}
