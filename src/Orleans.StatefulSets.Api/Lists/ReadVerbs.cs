using Orleans.StatefulSets.Api.Hosting;
using Orleans.StatefulSets.Api.InFlight;
using Orleans.StatefulSets.Api.Requests;
using Orleans.StatefulSets.Api.Responses;
using Orleans.StatefulSets.Grains.Nodes;
using Orleans.StatefulSets.Resources.Errors;

namespace Orleans.StatefulSets.Api.Lists;

/// <summary>GET of one object and of a collection.</summary>
internal sealed class ReadVerbs(ApiServices api, ListReader lists, Answers answers, Heartbeats heartbeats, BulkWork bulk)
{
    public async Task GetAsync(ApiContext context)
    {
        var replica = api.Replicas.For(context.Path.Kind.Resource);
        switch (ListOptions.ReadVersion(context.Query.Text("resourceVersion")))
        {
            case null:
                await replica.CatchUpAsync(context.Http, context.Cancellation);
                break;
            case > 0 and var version:
                await replica.WaitForVersionAsync(version, api.Options.FutureVersionTimeout, context.Cancellation);
                break;
        }

        var found = replica.Find(context.Path.Key) ?? throw ApiErrors.NotFound(context.Path.Kind, context.Path.Name);
        await answers.ObjectAsync(context, found);
    }

    public Task ListAsync(ApiContext context) => bulk.RunAsync(() => ListInTurnsAsync(context));

    private async Task ListInTurnsAsync(ApiContext context)
    {
        var table = answers.Table(context);
        var selection = Selection.Read(context.Path, context.Query);
        var page = await lists.ReadAsync(context, selection, ListOptions.Read(context.Query, isWatch: false));
        if (Heartbeats.Concern(context.Path.Kind))
        {
            page = page with { Items = [.. page.Items.Select(heartbeats.Show)] };
        }

        await answers.ListAsync(context, page, table);
    }
}
