using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Pods;

/// <summary>The phase that containers' states come to (<c>getPhase</c> in <c>pkg/kubelet/kubelet_pods.go</c>), once they have started.</summary>
internal static class PodPhase
{
    internal static string Of(V1Pod pod, IList<V1ContainerStatus>? containers)
    {
        var (running, waiting, stopped, succeeded) = (0, 0, 0, 0);
        foreach (var status in containers ?? [])
        {
            if (status.State?.Running is not null)
            {
                running++;
            }
            else if (ContainerRestarts.LastEnd(status) is { } ended)
            {
                stopped++;
                succeeded += ended.ExitCode == 0 ? 1 : 0;
            }
            else
            {
                waiting++;
            }
        }

        if (waiting > 0)
        {
            return "Pending";
        }

        return running > 0 ? "Running" : OfStopped(pod.Spec.RestartPolicy, stopped == succeeded);
    }

    private static string OfStopped(string? restartPolicy, bool allSucceeded) => restartPolicy switch
    {
        "Never" => allSucceeded ? "Succeeded" : "Failed",
        "OnFailure" => allSucceeded ? "Succeeded" : "Running",
        _ => "Running",
    };
}
