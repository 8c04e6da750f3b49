using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Orleans.StatefulSets.Api.Hosting;
using Orleans.StatefulSets.Api.Responses;
using Orleans.StatefulSets.Resources.Decoding;
using Orleans.StatefulSets.Resources.Decoding.Protobuf;
using Orleans.StatefulSets.Resources.Errors;

namespace Orleans.StatefulSets.Api.Requests;

/// <summary>A request's body as UTF-8 JSON.</summary>
internal sealed class RequestBody(ApiOptions options)
{
    private const string Unknown = "the body of the request was in an unknown format - accepted media types include: ";

    /// <summary>Reads an object or options, written in JSON, YAML or protobuf.</summary>
    /// <exception cref="ApiException">413 or 415.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadObjectAsync(ApiContext context)
    {
        var json = await ReadObjectAsync(context.Http, context.Path.Kind.Kind, context.Cancellation);
        return context.Path.Version?.Read(json, HttpMethods.IsPost(context.Http.Request.Method)) ?? json;
    }

    /// <inheritdoc cref="ReadObjectAsync(ApiContext)"/>
    public async Task<ReadOnlyMemory<byte>> ReadObjectAsync(HttpContext http, string expectedKind, CancellationToken cancellation)
    {
        var type = MediaType.Parse(http.Request.ContentType ?? "");
        if (type.Name is not ("" or "application/json" or "application/yaml" or ProtobufBody.MediaType or "*/*"))
        {
            throw ApiErrors.UnsupportedMediaType(Unknown + "application/json, application/yaml, " + ProtobufBody.MediaType);
        }

        var body = await ReadAsync(http, cancellation);
        var json = type.Name switch
        {
            "application/yaml" when body.Length > 0 => YamlToJson.Convert(body.Span),
            ProtobufBody.MediaType when body.Length > 0 => ProtobufBody.ToJson(body, expectedKind),
            _ => body,
        };
        return GoBytes.Readable(json);
    }

    /// <summary>Reads a patch.</summary>
    /// <exception cref="ApiException">413.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadPatchAsync(ApiContext context)
    {
        var patch = GoBytes.Readable(await ReadAsync(context.Http, context.Cancellation));
        return context.Path.Version?.ReadPatch(patch) ?? patch;
    }

    /// <exception cref="ApiException">415: not a patch, or not one for objects of this kind.</exception>
    public static Resources.Writing.PatchKind ReadPatchKind(HttpRequest request) => MediaType.Parse(request.ContentType ?? "").Name switch
    {
        "application/json-patch+json" => Resources.Writing.PatchKind.Json,
        "application/merge-patch+json" => Resources.Writing.PatchKind.Merge,
        "application/strategic-merge-patch+json" => Resources.Writing.PatchKind.StrategicMerge,
        "application/apply-patch+yaml" => throw ApiErrors.UnsupportedMediaType(
            Unknown + "application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json"),

        // The router refuses it before the handler, so it says less than a POST of an unknown type does.
        _ => throw Refusals.NoSuchPatch(),
    };

    private async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext http, CancellationToken cancellation)
    {
        if (http.Request.ContentLength > options.MaxBodyBytes)
        {
            throw TooLarge();
        }

        return http.Request.Headers.ContentEncoding.ToString() switch
        {
            "" or "identity" => await ReadToEndAsync(http.Request.BodyReader, cancellation),
            "gzip" => await ReadUnpackedAsync(http, cancellation),
            var other => throw ApiErrors.UnsupportedMediaType($"the content encoding \"{other}\" is not supported; accepted are: gzip, identity"),
        };
    }

    // What unpacks to more than the limit is refused where it exceeds it, and not unpacked further.
    private async Task<ReadOnlyMemory<byte>> ReadUnpackedAsync(HttpContext http, CancellationToken cancellation)
    {
        await using var unpacking = new GZipStream(http.Request.Body, CompressionMode.Decompress, leaveOpen: true);
        var reader = PipeReader.Create(unpacking);
        try
        {
            return await ReadToEndAsync(reader, cancellation);
        }
        catch (InvalidDataException error)
        {
            throw ApiErrors.BadRequest($"the body of the request is not gzip: {error.Message}");
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    private async Task<ReadOnlyMemory<byte>> ReadToEndAsync(PipeReader reader, CancellationToken cancellation)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellation);
            if (read.Buffer.Length > options.MaxBodyBytes)
            {
                throw TooLarge();
            }

            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return bytes;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private ApiException TooLarge() => ApiErrors.RequestTooLarge($"Request entity too large: limit is {options.MaxBodyBytes}");
}
