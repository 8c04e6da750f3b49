using k8s.Models;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Resources.Writing;

/// <summary>The admission plugin NamespaceLifecycle (apiserver's <c>plugin/namespace/lifecycle</c>).</summary>
internal static class NamespaceLifecycle
{
    private static readonly HashSet<string> Immortal = ["default", "kube-system", "kube-public"];

    /// <summary>An object may only be made in a namespace that exists and stays.</summary>
    /// <exception cref="ApiException">404: no such namespace. 403: it is being terminated.</exception>
    public static void CheckCreate(ResourceKind kind, V1ObjectMeta metadata, IClusterView cluster, bool mustExist)
    {
        if (!kind.Namespaced)
        {
            return;
        }

        var name = metadata.NamespaceProperty ?? "";
        var found = cluster.Find(ResourceKinds.Namespaces.Key("", name));
        if (found is null)
        {
            if (mustExist)
            {
                throw ApiErrors.NotFound(ResourceKinds.Namespaces, name);
            }

            return;
        }

        if (found.As<V1Namespace>().Status?.Phase == "Terminating")
        {
            throw Terminating(kind, metadata.Name ?? "", name);
        }
    }

    /// <exception cref="ApiException">403: the namespace belongs to the cluster itself.</exception>
    public static void CheckDelete(ResourceKind kind, string name)
    {
        if (kind == ResourceKinds.Namespaces && Immortal.Contains(name))
        {
            throw ApiErrors.Forbidden(kind, name, "this namespace may not be deleted");
        }
    }

    private static ApiException Terminating(ResourceKind kind, string name, string @namespace)
    {
        var refusal = ApiErrors.Forbidden(kind, name, $"unable to create new content in namespace {@namespace} because it is being terminated");
        var cause = new V1StatusCause
        {
            Reason = "NamespaceTerminating",
            Message = $"namespace {@namespace} is being terminated",
            Field = "metadata.namespace",
        };
        return new ApiException(refusal.Status with { Details = refusal.Status.Details with { Causes = [cause] } });
    }
}
