using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Nodes;
using Orleans.StatefulSets.Resources.Errors;

namespace Orleans.StatefulSets.Grains.Streaming;

/// <summary>What an API server says of a kubelet where nobody answers.</summary>
internal static class KubeletErrors
{
    /// <summary>Of a stream that it dials.</summary>
    public static ApiException Unreachable(V1Node node) => AddressOf(node) is { } address
        ? ApiErrors.InternalError($"error dialing backend: {Dial(node, address)}")
        : NoAddress();

    /// <summary>Of a log that it gets (<c>LocationStreamer.InputStream</c>: the client's error as it is).</summary>
    public static ApiException LogUnreachable(V1Node node, V1Pod pod, V1Container container) => AddressOf(node) is { } address
        ? ApiErrors.Plain($"Get \"https://{address}/containerLogs/{pod.Metadata.NamespaceProperty}/{pod.Metadata.Name}/{container.Name}\": {Dial(node, address)}")
        : NoAddress();

    private static string? AddressOf(V1Node node) =>
        node.Status?.Addresses?.FirstOrDefault(address => address.Type == "InternalIP")?.Address is { } address ? $"{address}:10250" : null;

    // A machine that hangs still has its address.
    private static string Dial(V1Node node, string address) => $"dial tcp {address}: {(NodePower.IsFrozen(node) ? "i/o timeout" : "connect: no route to host")}";

    // pkg/util/node: GetPreferredNodeAddress.
    private static ApiException NoAddress() => ApiErrors.Plain("no preferred addresses found; known addresses: []");
}
