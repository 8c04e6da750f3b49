using System.Buffers;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Orleans.StatefulSets.Api.Hosting;
using Orleans.StatefulSets.Grains.Streaming;

namespace Orleans.StatefulSets.Api.Streams.Logs;

/// <summary>The log of a container.</summary>
internal sealed class LogVerb(ApiServices api, IPodStreams pods)
{
    private const int FlushFromBytes = 32 * 1024;

    public async Task AnswerAsync(ApiContext context)
    {
        var request = LogQuery.Read(context.Query, context.Path.Name);
        var pod = await StreamedPod.FindAsync(api, context);
        request = request with { Container = pod.Container(request.Container) };
        if (!pod.HasNode)
        {
            // An API server has nobody to ask, and answers with nothing.
            Begin(context);
            return;
        }

        // Whoever follows a log may be a person who looks away.
        if (context.Http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = new MinDataRate(api.Options.MinTransferRate, api.Options.WatchStallPatience);
        }

        await using var pieces = pods.ReadLogAsync(context.Path.Key, request, context.Cancellation).GetAsyncEnumerator(context.Cancellation);
        var any = await pieces.MoveNextAsync();
        Begin(context);
        var output = context.Http.Response.BodyWriter;
        for (; any; any = await pieces.MoveNextAsync())
        {
            output.Write(pieces.Current.Span);
            if (request.Follow || output.UnflushedBytes >= FlushFromBytes)
            {
                await output.FlushAsync(context.Cancellation);
            }
        }

        await output.FlushAsync(context.Cancellation);
    }

    private static void Begin(ApiContext context)
    {
        context.Http.Response.StatusCode = 200;
        context.Http.Response.ContentType = "text/plain";
    }
}
