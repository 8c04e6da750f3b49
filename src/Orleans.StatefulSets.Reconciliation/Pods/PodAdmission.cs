using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Pods;

/// <summary>
/// Whether a kubelet takes a pod that was bound to its node, by <c>pkg/kubelet/lifecycle/predicate.go</c>: a pod may come with a
/// preset nodeName, past the scheduler.
/// </summary>
public static class PodAdmission
{
    /// <summary>Why the node refuses the pod, or null.</summary>
    /// <param name="pod">The pod that is to start.</param>
    /// <param name="others">The pods that the node runs already; finished ones don't count.</param>
    /// <param name="podCapacity">How many pods the node may run.</param>
    public static AdmissionRefusal? Check(V1Pod pod, IEnumerable<V1Pod> others, long podCapacity)
    {
        var wanted = HostPorts(pod).ToList();
        var used = 0L;
        var portTaken = false;
        foreach (var other in others)
        {
            if (PodReadiness.IsTerminal(other) || other.Metadata.Uid == pod.Metadata.Uid)
            {
                continue;
            }

            used++;
            portTaken |= wanted.Count > 0 && HostPorts(other).Any(port => wanted.Any(port.ConflictsWith));
        }

        if (used + 1 > podCapacity)
        {
            return Refusal("OutOfpods", $"Node didn't have enough resource: pods, requested: 1, used: {used}, capacity: {podCapacity}");
        }

        return portTaken ? Refusal("NodePorts", "Predicate NodePorts failed") : null;
    }

    private static AdmissionRefusal Refusal(string reason, string message) => new(reason, $"Pod was rejected: {message}", message);

    private static IEnumerable<HostPort> HostPorts(V1Pod pod)
    {
        foreach (var container in pod.Spec?.Containers ?? [])
        {
            foreach (var port in container.Ports ?? [])
            {
                if (port.HostPort is { } number and > 0)
                {
                    yield return new HostPort(string.IsNullOrEmpty(port.HostIP) ? "0.0.0.0" : port.HostIP, port.Protocol ?? "TCP", number);
                }
            }
        }
    }

    private readonly record struct HostPort(string IP, string Protocol, int Port)
    {
        public bool ConflictsWith(HostPort other) => Port == other.Port && Protocol == other.Protocol
            && (IP == other.IP || IP == "0.0.0.0" || other.IP == "0.0.0.0");
    }
}
