using System.Buffers;
using System.Text;
using Orleans.StatefulSets.Api.Hosting;
using Orleans.StatefulSets.Api.Requests;
using Orleans.StatefulSets.Api.Responses;
using Orleans.StatefulSets.Grains.Cluster;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Api.Writes;

/// <summary>POST to a collection.</summary>
internal sealed class CreateVerb(ApiServices api, RequestBody bodies, Answers answers)
{
    // What names.SimpleNameGenerator leaves of the base: 63 characters less the suffix's five.
    private const int MaxGeneratedBase = 58;

    public async Task AnswerAsync(ApiContext context)
    {
        var options = WriteOptions.Read(context.Http.Request, context.Query, "CreateOptions");
        var body = await bodies.ReadObjectAsync(context);
        var header = ObjectHeader.Read(body, context.Path.Kind);
        CheckNamespace(context.Path, header);
        var response = header.Name.Length > 0 || header.GenerateName.Length == 0
            ? await api.WriteAsync(context, Request(context, options, RequireName(context, header), body))
            : await GenerateAsync(context, options, header, body);
        WriteWarnings.Add(context.Http, response.Warnings);
        await answers.ObjectAsync(context, response.Object, 201);
    }

    private async Task<WriteResponse> GenerateAsync(ApiContext context, WriteOptions options, ObjectHeader header, ReadOnlyMemory<byte> body)
    {
        for (var attempt = 1; ; attempt++)
        {
            var start = header.GenerateName[..Math.Min(header.GenerateName.Length, MaxGeneratedBase)];
            var name = start + api.Identities.NewNameSuffix();
            try
            {
                return await api.WriteAsync(context, Request(context, options, name, WithName(body.Span, header, name)));
            }
            catch (ApiException refusal) when (refusal.Reason == "AlreadyExists")
            {
                if (attempt >= api.Options.MaxNameGenerationAttempts)
                {
                    throw Refusals.GeneratedNameTaken(context.Path.Kind, name);
                }
            }
        }
    }

    // Spliced into the bytes: a decode and encode would lose the unknown and duplicate fields that a strict check is to find.
    private static ReadOnlyMemory<byte> WithName(ReadOnlySpan<byte> body, ObjectHeader header, string name)
    {
        var output = new ArrayBufferWriter<byte>(body.Length + name.Length + 16);
        var at = header.EmptyNameAt ?? header.MetadataStart;
        output.Write(body[..at]);
        Encoding.UTF8.GetBytes(header.EmptyNameAt is null ? $"\"name\":\"{name}\"," : $"\"{name}\"", output);
        output.Write(body[(header.EmptyNameAt is null ? at : at + 2)..]);
        return output.WrittenMemory;
    }

    private static string RequireName(ApiContext context, ObjectHeader header) => header.Name.Length > 0
        ? header.Name
        : throw ApiErrors.Invalid(context.Path.Kind, "", [new FieldError(
            "FieldValueRequired", "metadata.name", "Required value: name or generateName is required")]);

    private static void CheckNamespace(ResourcePath path, ObjectHeader header)
    {
        if (header.Namespace.Length > 0 && path.Kind.Namespaced && header.Namespace != path.Namespace)
        {
            throw ApiErrors.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        }
    }

    private static WriteRequest Request(ApiContext context, WriteOptions options, string name, ReadOnlyMemory<byte> body) => new()
    {
        Key = context.Path.Kind.Key(context.Path.Namespace, name),
        Verb = WriteVerb.Create,
        Body = body,
        DryRun = options.DryRun,
        FieldManager = options.FieldManager,
        FieldValidation = options.FieldValidation,
    };
}
