using k8s.Models;
using Orleans.StatefulSets.Api.Hosting;
using Orleans.StatefulSets.Api.Lists;
using Orleans.StatefulSets.Api.Requests;
using Orleans.StatefulSets.Api.Responses;
using Orleans.StatefulSets.Grains.Cluster;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Api.Writes;

/// <summary>DELETE of one object and of a collection.</summary>
internal sealed class DeleteVerb(ApiServices api, DeleteQuery queries, ListReader lists, Answers answers)
{
    // The kinds whose DELETE the OpenAPI document of 1.33 says to answer the object; the others answer a Status.
    private static readonly HashSet<string> AnsweredWhole = new[]
    {
        ResourceKinds.Pods, ResourceKinds.Services, ResourceKinds.ServiceAccounts, ResourceKinds.PersistentVolumeClaims,
        ResourceKinds.PersistentVolumes, ResourceKinds.StorageClasses,
    }.Select(kind => kind.Resource).ToHashSet();

    public async Task AnswerAsync(ApiContext context)
    {
        var (options, body) = await queries.ReadAsync(context);
        var response = await DeleteAsync(context, context.Path.Key, options, body);
        WriteWarnings.Add(context.Http, response.Warnings);
        var isGone = response.Outcome == WriteOutcome.Removed;
        var code = !isGone && (options.OrphanDependents == false || options.PropagationPolicy == "Foreground") ? 202 : 200;
        if (!isGone || AnsweredWhole.Contains(context.Path.Kind.Resource))
        {
            await answers.ObjectAsync(context, response.Object, code);
            return;
        }

        await answers.StatusAsync(context, StatusAnswer.Success(new V1StatusDetails
        {
            Name = context.Path.Name,
            Group = context.Path.Kind.Group.Length > 0 ? context.Path.Kind.Group : null,
            Kind = context.Path.Kind.Plural,
            Uid = response.Object.Uid,
        }), code);
    }

    public async Task AnswerCollectionAsync(ApiContext context)
    {
        var (options, body) = await queries.ReadAsync(context);
        var selection = Selection.Read(context.Path, context.Query);
        var page = await lists.ReadAsync(context, selection, ListOptions.Read(context.Query, isWatch: false));
        foreach (var item in page.Items)
        {
            try
            {
                await DeleteAsync(context, item.Key, options, body);
            }
            catch (ApiException refusal) when (refusal.Reason == "NotFound")
            {
                // Somebody else was faster: gone is what was asked for.
            }
        }

        await answers.ListAsync(context, page, answers.Table(context));
    }

    private Task<WriteResponse> DeleteAsync(ApiContext context, ObjectKey key, V1DeleteOptions options, ReadOnlyMemory<byte> body) =>
        api.WriteAsync(
            context,
            new WriteRequest
            {
                Key = key,
                Verb = WriteVerb.Delete,
                Body = body,
                DeleteOptions = options,
                DryRun = options.DryRun is { Count: > 0 },
            });
}
