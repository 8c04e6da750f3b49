using k8s.Models;

namespace Orleans.StatefulSets.Workloads.Images;

/// <summary>
/// How images of some names behave. The first behavior that knows a name makes the container; add one of your own to emulate your own
/// server. It holds no state: one instance serves every container of every pod.
/// </summary>
public interface IImageBehavior
{
    /// <summary>The image that a container is made from, or null where the name is none of this behavior's.</summary>
    /// <param name="name">The last segment of the image's name without tag and digest: <c>nginx-slim</c> of <c>k8s.gcr.io/nginx-slim:0.8</c>.</param>
    /// <param name="container">The container, such as for its ports.</param>
    ContainerImage? Find(string name, V1Container container);
}
