using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>A port of its node that a pod takes (<c>plugins/nodeports</c>).</summary>
/// <param name="Ip">The node's address; <c>0.0.0.0</c> is all of them.</param>
/// <param name="Protocol"><c>TCP</c>, <c>UDP</c> or <c>SCTP</c>.</param>
/// <param name="Port">The number.</param>
internal readonly record struct HostPort(string Ip, string Protocol, int Port)
{
    private const string AnyAddress = "0.0.0.0";

    /// <summary>The ports of containers and of restartable init containers; with hostNetwork every container port is one.</summary>
    public static IReadOnlyList<HostPort> Of(V1Pod pod)
    {
        List<HostPort>? ports = null;
        var sharesHost = pod.Spec.HostNetwork == true;
        foreach (var container in (pod.Spec.Containers ?? []).Concat((pod.Spec.InitContainers ?? []).Where(init => init.RestartPolicy == "Always")))
        {
            foreach (var port in container.Ports ?? [])
            {
                var number = port.HostPort is > 0 ? port.HostPort.Value : sharesHost ? port.ContainerPort : 0;
                if (number > 0)
                {
                    (ports ??= []).Add(new HostPort(
                        string.IsNullOrEmpty(port.HostIP) ? AnyAddress : port.HostIP, string.IsNullOrEmpty(port.Protocol) ? "TCP" : port.Protocol, number));
                }
            }
        }

        return ports ?? (IReadOnlyList<HostPort>)[];
    }

    public bool ConflictsWith(HostPort other) =>
        Port == other.Port && Protocol == other.Protocol && (Ip == other.Ip || Ip == AnyAddress || other.Ip == AnyAddress);
}
