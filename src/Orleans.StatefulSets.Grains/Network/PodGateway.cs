using System.Net;
using Orleans.StatefulSets.Grains.Nodes;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Grains.Streaming;
using Orleans.StatefulSets.Grains.Time;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Network;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Grains.Network;

/// <summary>Makes the gateways of nodes' pods.</summary>
internal sealed class PodGateways(IClusterNetwork network, ObjectRoutes routes, NodeStreams streams, SimulatedTime time)
{
    /// <summary>The gateway of the pods on a node.</summary>
    public IPodGateway Of(string nodeName) => new PodGateway(nodeName, network, routes, streams, time);

    private sealed class PodGateway(string nodeName, IClusterNetwork network, ObjectRoutes routes, NodeStreams streams, SimulatedTime time) : IPodGateway
    {
        /// <summary>How long Linux sends SYNs (tcp_syn_retries 6).</summary>
        private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(127);

        private static readonly TimeSpan Echo = TimeSpan.FromMilliseconds(0.2);

        /// <inheritdoc/>
        public ValueTask<DnsAnswer> QueryAsync(DnsQuestion question, CancellationToken cancellation) => new(network.Query(question));

        /// <inheritdoc/>
        public async ValueTask<IOpenFile> ConnectAsync(IPAddress? from, IPEndPoint to, CancellationToken cancellation)
        {
            var end = network.Find(to, new ConnectionOrigin(from, nodeName));
            switch (end.Outcome)
            {
                case ConnectionOutcome.Refused:
                    throw new FileException(Errno.ECONNREFUSED);
                case ConnectionOutcome.Unreachable:
                    throw new FileException(Errno.ENETUNREACH);
                case ConnectionOutcome.NoAnswer:
                    await Task.Delay(ConnectPatience, time, cancellation);
                    throw new FileException(Errno.ETIMEDOUT);
                default:
                    return await ConnectAsync(from, end, cancellation);
            }
        }

        /// <inheritdoc/>
        public ValueTask<TimeSpan?> EchoAsync(IPAddress to, CancellationToken cancellation) => new(network.Answers(to) ? Echo : null);

        private async Task<IOpenFile> ConnectAsync(IPAddress? from, ConnectionEnd end, CancellationToken cancellation)
        {
            var node = routes.Node(end.Node!);
            var call = node.Connect(end.Pod.ToString(), end.Uid, end.At!.Port, new IPEndPoint(from ?? IPAddress.Loopback, 0).ToString());
            StreamReply reply;
            try
            {
                reply = await call.WaitAsync(cancellation);
            }
            catch (OperationCanceledException)
            {
                CloseLateAsync(node, call).Ignore();
                throw;
            }
            catch (Exception failure) when (failure is OrleansException or TimeoutException)
            {
                throw new FileException(Errno.ETIMEDOUT);
            }

            if (reply.Refusal is not null || reply.Error != 0)
            {
                throw new FileException(reply.Error == 0 ? Errno.EHOSTUNREACH : (Errno)reply.Error);
            }

            return streams.Take(reply.Stream) ?? new DistantConnection(new DistantStream(node, reply.Stream));
        }

        // Who gave up may have been connected all the same.
        private async Task CloseLateAsync(INodeGrain node, Task<StreamReply> call)
        {
            if ((await call).Stream is { Length: > 0 } stream)
            {
                await (streams.Take(stream)?.CloseAsync().AsTask() ?? node.CloseStream(stream));
            }
        }
    }
}
