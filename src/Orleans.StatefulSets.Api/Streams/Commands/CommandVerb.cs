using Microsoft.Extensions.Logging;
using Orleans.StatefulSets.Api.Hosting;
using Orleans.StatefulSets.Api.Streams.Upgrades;
using Orleans.StatefulSets.Grains.Streaming;
using Orleans.StatefulSets.Resources.Errors;

namespace Orleans.StatefulSets.Api.Streams.Commands;

/// <summary><c>exec</c> and <c>attach</c> of a pod.</summary>
internal sealed class CommandVerb(ApiServices api, IPodStreams pods, ConnectionUpgrade upgrades, StreamSessions sessions, ILogger<CommandVerb> logger)
{
    public async Task AnswerAsync(ApiContext context)
    {
        var isExec = context.Path.Subresource == "exec";
        var query = RemoteCommandQuery.Read(context.Query, isExec);
        var pod = await StreamedPod.FindAsync(api, context);
        query = query with { Container = pod.Container(query.Container) };
        pod.RequireNode();
        var offer = UpgradeOffer.Read(context.Http);
        if (offer.Target == UpgradeTarget.None)
        {
            throw ApiErrors.BadRequest("Upgrade request required");
        }

        if (CommandProtocol.Choose(offer) is not { } protocol)
        {
            await offer.NoneOf(CommandProtocol.Served(offer.Target).Select(served => served.Name)).WriteAsync(context.Http);
            return;
        }

        using var session = sessions.Take();
        var (process, refusal) = await StartAsync(context, query, isExec);
        if (process is not null)
        {
            await using (process)
            {
                await RunAsync(context, offer, protocol, query, (client, cancellation) =>
                    new CommandSession(client, process, isExec, query.Tty, api.Time, logger).RunAsync(cancellation));
            }
        }
        else if (protocol.TellsRefusals)
        {
            await RunAsync(context, offer, protocol, query, (client, cancellation) => CommandSession.FinishAsync(
                client, RemoteCommandStatus.Failed($"unable to upgrade connection: {refusal!.Text}"), api.Time, cancellation));
        }
        else
        {
            await refusal!.WriteAsync(context.Http);
        }
    }

    // The kubelet looks at the streams first.
    private async Task<(IPodProcess? Process, KubeletRefusal? Refusal)> StartAsync(ApiContext context, RemoteCommandQuery query, bool isExec)
    {
        if (!query.HasStreams)
        {
            return (null, new KubeletRefusal(400, "you must specify at least 1 of stdin, stdout, stderr"));
        }

        try
        {
            var started = isExec
                ? pods.ExecAsync(
                    context.Path.Key,
                    new ExecRequest(query.Container, query.Command, query.Stdin, query.Stdout, query.HasStderr, query.Tty), context.Cancellation)
                : pods.AttachAsync(
                    context.Path.Key, new AttachRequest(query.Container, query.Stdin, query.Stdout, query.HasStderr, query.Tty), context.Cancellation);
            return (await started, null);
        }
        catch (ApiException refusal) when (KubeletRefusal.Is(refusal))
        {
            return (null, KubeletRefusal.Of(refusal));
        }
    }

    private async Task RunAsync(
        ApiContext context, UpgradeOffer offer, CommandProtocol protocol, RemoteCommandQuery query, Func<IRemoteCommandClient, CancellationToken, Task> session)
    {
        var client = offer.Target == UpgradeTarget.Spdy
            ? await SpdyRemoteCommand.AcceptAsync(
                await upgrades.ToSpdyAsync(context.Http, protocol.Name), query, protocol.Version, api.Time, context.Cancellation)
            : (IRemoteCommandClient?)new WebSocketRemoteCommand(
                await upgrades.ToWebSocketAsync(context.Http, protocol.Name), protocol, query, api.Time, context.Cancellation);
        if (client is not null)
        {
            await using (client)
            {
                await session(client, context.Cancellation);
            }
        }
    }
}
