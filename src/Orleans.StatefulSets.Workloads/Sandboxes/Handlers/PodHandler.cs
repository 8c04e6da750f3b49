using k8s.Models;

namespace Orleans.StatefulSets.Workloads.Sandboxes;

/// <summary>What a probe or a lifecycle hook does: one of its kinds.</summary>
public sealed record PodHandler
{
    /// <summary>Runs a command in the container.</summary>
    public V1ExecAction? Exec { get; init; }

    /// <summary>Asks for a page.</summary>
    public V1HTTPGetAction? HttpGet { get; init; }

    /// <summary>Opens a connection.</summary>
    public V1TCPSocketAction? TcpSocket { get; init; }

    /// <summary>Asks the gRPC health service.</summary>
    public V1GRPCAction? Grpc { get; init; }

    /// <summary>Waits.</summary>
    public V1SleepAction? Sleep { get; init; }

    /// <summary>What a probe does.</summary>
    public static PodHandler Of(V1Probe probe) => new() { Exec = probe.Exec, HttpGet = probe.HttpGet, TcpSocket = probe.TcpSocket, Grpc = probe.Grpc };

    /// <summary>What a hook does.</summary>
    public static PodHandler Of(V1LifecycleHandler hook) => new() { Exec = hook.Exec, HttpGet = hook.HttpGet, TcpSocket = hook.TcpSocket, Sleep = hook.Sleep };
}
