using System.Net.WebSockets;
using Microsoft.Extensions.Logging;
using Orleans.StatefulSets.Api.Hosting;
using Orleans.StatefulSets.Api.Streams.Channels;
using Orleans.StatefulSets.Api.Streams.Spdy;
using Orleans.StatefulSets.Api.Streams.Upgrades;
using Orleans.StatefulSets.Grains.Streaming;
using Orleans.StatefulSets.Resources.Errors;

namespace Orleans.StatefulSets.Api.Streams.PortForwards;

/// <summary><c>port-forward</c> to a pod.</summary>
internal sealed class PortForwardVerb(ApiServices api, IPodStreams pods, ConnectionUpgrade upgrades, StreamSessions sessions, ILogger<PortForwardVerb> logger)
{
    private const string Spdy = "portforward.k8s.io";
    private const string Tunnelled = "SPDY/3.1+portforward.k8s.io";
    private const string Channels = "v4.channel.k8s.io";
    private const string EncodedChannels = "v4.base64.channel.k8s.io";

    public async Task AnswerAsync(ApiContext context)
    {
        var ports = PortForwardQuery.Ports(context.Query);
        var pod = await StreamedPod.FindAsync(api, context);
        pod.RequireNode();
        var offer = UpgradeOffer.Read(context.Http);
        if (offer.Target == UpgradeTarget.None)
        {
            throw ApiErrors.BadRequest("Upgrade request required");
        }

        using var session = sessions.Take();
        if (Choose(offer) is not { } protocol)
        {
            await offer.NoneOf(offer.Target == UpgradeTarget.Spdy ? [Spdy] : [Tunnelled, Channels, EncodedChannels, ""]).WriteAsync(context.Http);
        }
        else if (await RefusalAsync(context, protocol, ports) is { } refusal)
        {
            await refusal.WriteAsync(context.Http);
        }
        else
        {
            await ForwardAsync(context, protocol, ports);
        }
    }

    private static string? Choose(UpgradeOffer offer) => offer switch
    {
        { Target: UpgradeTarget.Spdy } => offer.Protocols.FirstOrDefault(protocol => protocol == Spdy),
        { Protocols.Count: 0 } => "",
        _ when offer.Protocols.Contains(Tunnelled) => Tunnelled,
        _ => offer.Protocols.FirstOrDefault(protocol => protocol is Channels or EncodedChannels),
    };

    private async Task<KubeletRefusal?> RefusalAsync(ApiContext context, string protocol, IReadOnlyList<int> ports)
    {
        if (protocol is not (Spdy or Tunnelled) && PortForwardQuery.Complaint(ports) is { } complaint)
        {
            return new KubeletRefusal(400, complaint);
        }

        try
        {
            await pods.CheckAsync(context.Path.Key, context.Cancellation);
            return null;
        }
        catch (ApiException refusal) when (KubeletRefusal.Is(refusal))
        {
            return KubeletRefusal.Of(refusal);
        }
    }

    private Task ForwardAsync(ApiContext context, string protocol, IReadOnlyList<int> ports) => protocol switch
    {
        Spdy => OverSpdyAsync(context),
        Tunnelled => TunnelledAsync(context),
        _ => OverChannelsAsync(context, protocol, ports),
    };

    private async Task OverSpdyAsync(ApiContext context) => await OverSpdyAsync(context, await upgrades.ToSpdyAsync(context.Http, Spdy));

    // kubectl from 1.31 on: what would go over a SPDY connection goes in the messages of a WebSocket.
    private async Task TunnelledAsync(ApiContext context)
    {
        var socket = await upgrades.ToWebSocketAsync(context.Http, Tunnelled);
        await OverSpdyAsync(context, WebSocketStream.Create(socket, WebSocketMessageType.Binary, ownsWebSocket: true));
    }

    private async Task OverSpdyAsync(ApiContext context, Stream transport)
    {
        await using var connection = new SpdyConnection(transport);
        await new SpdyPortForward(connection, pods, context.Path.Key, api.Time, logger).RunAsync(context.Cancellation);
    }

    private async Task OverChannelsAsync(ApiContext context, string protocol, IReadOnlyList<int> ports)
    {
        var socket = await upgrades.ToWebSocketAsync(context.Http, protocol);
        using var forward = new WebSocketPortForward(new ChannelSocket(socket, protocol == EncodedChannels), pods, context.Path.Key, ports, logger);
        await forward.RunAsync(context.Cancellation);
    }
}
