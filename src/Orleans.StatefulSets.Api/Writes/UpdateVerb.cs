using Orleans.StatefulSets.Api.Hosting;
using Orleans.StatefulSets.Api.Requests;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Api.Writes;

/// <summary>PUT and PATCH of an object or one of its subresources, and POST to a subresource.</summary>
internal sealed class UpdateVerb(ApiServices api, RequestBody bodies, WrittenAnswer written)
{
    public async Task PutAsync(ApiContext context)
    {
        var options = WriteOptions.Read(context.Http.Request, context.Query, "UpdateOptions");
        var body = await bodies.ReadObjectAsync(context);
        CheckName(context.Path, IsScale(context) ? ObjectHeader.TryRead(body.Span) : ObjectHeader.Read(body, context.Path.Kind));
        await WriteAsync(context, Request(context, options) with { Verb = WriteVerb.Update, Body = body });
    }

    public async Task PatchAsync(ApiContext context)
    {
        var kind = RequestBody.ReadPatchKind(context.Http.Request);
        var options = WriteOptions.Read(context.Http.Request, context.Query, "PatchOptions");
        var body = await bodies.ReadPatchAsync(context);
        await WriteAsync(context, Request(context, options) with { Verb = WriteVerb.Patch, Patch = kind, Body = body });
    }

    /// <summary>POST to a pod's binding or eviction: the subresources that are created.</summary>
    public async Task PostAsync(ApiContext context)
    {
        var options = WriteOptions.Read(context.Http.Request, context.Query, "CreateOptions");
        var body = await bodies.ReadObjectAsync(context);
        var header = ObjectHeader.TryRead(body.Span);
        if (context.Path.IsCollection)
        {
            context = header?.Name is { Length: > 0 } name
                ? context with { Path = context.Path with { Name = name } }
                : throw ApiErrors.BadRequest("Name parameter required.");
        }

        if (context.Path.Subresource == "binding")
        {
            CheckName(context.Path, header);
        }

        await WriteAsync(context, Request(context, options) with { Verb = WriteVerb.Create, Body = body });
    }

    private async Task WriteAsync(ApiContext context, WriteRequest request) =>
        await written.AnswerAsync(context, await api.WriteAsync(context, request));

    private static bool IsScale(ApiContext context) => context.Path.Subresource == "scale";

    // A body that can't be read has no name to differ by; the writer refuses it.
    private static void CheckName(ResourcePath path, ObjectHeader? header)
    {
        if (header is null)
        {
            return;
        }

        if (path.Kind.Namespaced && header.Namespace.Length > 0 && header.Namespace != path.Namespace)
        {
            throw ApiErrors.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        }

        if (header.Name.Length > 0 && header.Name != path.Name)
        {
            throw ApiErrors.BadRequest($"the name of the object ({header.Name}) does not match the name on the URL ({path.Name})");
        }
    }

    private static WriteRequest Request(ApiContext context, WriteOptions options) => new()
    {
        Key = context.Path.Key,
        Verb = WriteVerb.Update,
        Subresource = context.Path.Subresource,
        DryRun = options.DryRun,
        FieldManager = options.FieldManager,
        FieldValidation = options.FieldValidation,
    };
}
