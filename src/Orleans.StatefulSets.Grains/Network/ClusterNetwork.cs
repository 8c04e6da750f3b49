using System.Net;
using k8s.Models;
using Microsoft.Extensions.Options;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Reconciliation.Nodes;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Workloads.Dns;
using Orleans.StatefulSets.Workloads.Network;

namespace Orleans.StatefulSets.Grains.Network;

/// <inheritdoc cref="IClusterNetwork"/>
internal sealed class ClusterNetwork : IClusterNetwork
{
    private const string Tcp = "TCP";

    private static readonly ConnectionEnd Refused = new(ConnectionOutcome.Refused);
    private static readonly ConnectionEnd NoAnswer = new(ConnectionOutcome.NoAnswer);
    private static readonly ConnectionEnd Unreachable = new(ConnectionOutcome.Unreachable);

    private readonly ReplicaSet replicas;
    private readonly ServiceDirectory services;
    private readonly ClusterZone zone;
    private readonly NetworkSettings settings;
    private ulong questions;
    private ulong connections;

    public ClusterNetwork(ReplicaSet replicas, IOptions<NetworkSettings> settings)
    {
        this.replicas = replicas;
        this.settings = settings.Value;
        services = new ServiceDirectory(replicas);
        zone = new ClusterZone(services);
    }

    /// <inheritdoc/>
    public string DnsAddress => services.Find(ClusterDns.Namespace, ClusterDns.Name)?.Spec.ClusterIP is { Length: > 0 } address and not "None" ? address : settings.DnsAddress;

    /// <inheritdoc/>
    public DnsAnswer Query(DnsQuestion question) => AnswerOrder.Shuffle(zone.Answer(question), settings.Seed, Interlocked.Increment(ref questions));

    /// <inheritdoc/>
    public ConnectionEnd Find(IPEndPoint to, ConnectionOrigin from)
    {
        if (Ipv4Address.Of(to.Address) is not { } address)
        {
            return Unreachable;
        }

        return ServiceRoutes.Find(services, address, to.Port, from.Node) is { } route ? Follow(route, from)
            : replicas.Machines.Find(address) is { } node ? FindOn(node, address, to.Port, from)
            : replicas.PodAddresses.Find(address) is { } pod ? At(pod, address, to.Port)
            : NodeAddresses.Covers(to.Address) ? NoAnswer
            : Unreachable;
    }

    /// <inheritdoc/>
    public bool Answers(IPAddress address) => Ipv4Address.Of(address) is { } asked
        && (replicas.Machines.Find(asked) is { } node ? !NodePower.IsSilent(node)
            : replicas.PodAddresses.Find(asked) is { } pod && IsUp(pod.Spec.NodeName));

    private ConnectionEnd Follow(ServiceRoute route, ConnectionOrigin from)
    {
        if (route.Verdict != ServiceVerdict.Forward)
        {
            return route.Verdict == ServiceVerdict.Reject ? Refused : NoAnswer;
        }

        var target = route.Choose(settings.Seed, Interlocked.Increment(ref connections), from.Address)!.Value;
        return replicas.PodAddresses.Find(target.Address) is { } pod ? At(pod, target.Address, target.Port)
            : replicas.Machines.Find(target.Address) is { } node ? AtPortOf(node, target.Address, target.Port)
            : NoAnswer;
    }

    // Every node's proxy listens on the node ports, whoever the endpoints are.
    private ConnectionEnd FindOn(V1Node node, Ipv4Address address, int port, ConnectionOrigin from) =>
        NodePower.IsSilent(node) ? NoAnswer
        : ServiceRoutes.FindByNodePort(services, port) is { } route ? Follow(route, from)
        : AtPortOf(node, address, port);

    // Pods that share the machine's network, or have a port of it lead to them. What they do not declare is not found.
    private ConnectionEnd AtPortOf(V1Node node, Ipv4Address address, int port)
    {
        if (NodePower.IsSilent(node))
        {
            return NoAnswer;
        }

        foreach (var pod in replicas.PodAddresses.On(address))
        {
            foreach (var candidate in pod.Spec.Containers.SelectMany(container => container.Ports ?? []).Where(candidate => (candidate.Protocol ?? Tcp) == Tcp))
            {
                var shares = pod.Spec.HostNetwork == true;
                if ((shares ? candidate.ContainerPort : candidate.HostPort ?? 0) == port)
                {
                    return shares ? At(pod, address, port)
                        : Ipv4Address.TryParse(pod.Status.PodIP, out var own) ? At(pod, own, candidate.ContainerPort)
                        : NoAnswer;
                }
            }
        }

        return Refused;
    }

    private ConnectionEnd At(V1Pod pod, Ipv4Address address, int port) => IsUp(pod.Spec.NodeName)
        ? new ConnectionEnd(ConnectionOutcome.Pod)
        {
            Pod = ResourceKinds.Pods.Key(pod.Metadata.NamespaceProperty, pod.Metadata.Name),
            Uid = pod.Metadata.Uid,
            Node = pod.Spec.NodeName,
            At = new IPEndPoint(address.ToIPAddress(), port),
        }
        : NoAnswer;

    private bool IsUp(string? node) => node is not null && replicas.Find(ResourceKinds.Nodes.Key("", node))?.As<V1Node>() is { } machine && !NodePower.IsSilent(machine);
}
