using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Text.Json;
using k8s.Models;
using Microsoft.AspNetCore.Http;
using Orleans.StatefulSets.Api.Hosting;
using Orleans.StatefulSets.Api.Lists;
using Orleans.StatefulSets.Api.Tables;
using Orleans.StatefulSets.Grains.Nodes;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Api.Responses;

/// <summary>Answers on their way to the client: shape, encoding, compression, headers.</summary>
internal sealed class Answers(ApiServices api, Heartbeats heartbeats)
{
    private const int FlushFromBytes = 64 * 1024;

    /// <summary>One object, whole or in the shape that the client asked for, with its heartbeats of this moment.</summary>
    public Task ObjectAsync(ApiContext context, StoredObject item, int code = 200)
    {
        item = heartbeats.Show(item);
        var output = new ArrayBufferWriter<byte>(item.EncodedLength + 64);
        switch (context.Format.Shape)
        {
            case ObjectShape.Table:
                Table(context)!.WriteSingle(output, item, withColumns: true);
                break;
            case ObjectShape.PartialMetadata:
                PartialMetadata.Write(output, item, context.Format.MetaVersion);
                break;
            default:
                (context.Path.Version?.Show(item) ?? item).WriteTo(output);
                break;
        }

        return JsonAsync(context.Http, context.Format, output.WrittenMemory, code, context.Cancellation);
    }

    public Task StatusAsync(ApiContext context, V1Status status, int code) =>
        JsonAsync(context.Http, context.Format, StatusJson.Encode(status), code, context.Cancellation);

    /// <summary>A list; a long one is flushed as it goes.</summary>
    public async Task ListAsync(ApiContext context, ListPage page, TableBody? table)
    {
        var show = context is { Path.Version: { } version, Format.Shape: ObjectShape.Whole } ? version.Show : (Func<StoredObject, StoredObject>?)null;
        var list = new ListBody(context.Path.Served, page, context.Format.Shape, context.Format.MetaVersion, table, show);
        Begin(context.Http, context.Format, 200);
        if (list.EstimatedBytes < api.Options.CompressFromBytes || !AcceptsGzip(context.Http))
        {
            await WriteAsync(context.Http.Response.BodyWriter, list, context.Format, context.Cancellation);
            return;
        }

        await using var gzip = Compressed(context.Http);
        var pipe = PipeWriter.Create(gzip);
        await WriteAsync(pipe, list, context.Format, context.Cancellation);
        await pipe.CompleteAsync();
    }

    public async Task JsonAsync(HttpContext http, ResponseFormat format, ReadOnlyMemory<byte> json, int code, CancellationToken cancellation)
    {
        Begin(http, format, code);
        var body = format.Yaml ? ObjectYaml.FromJson(json) : format.Pretty ? Indent(json) : json;
        if (body.Length >= api.Options.CompressFromBytes && AcceptsGzip(http))
        {
            await using var gzip = Compressed(http);
            await gzip.WriteAsync(body, cancellation);
            return;
        }

        var ending = !format.Yaml && body.Span[^1] != '\n' ? 1 : 0;
        http.Response.ContentLength = body.Length + ending;
        http.Response.BodyWriter.Write(body.Span);
        if (ending > 0)
        {
            http.Response.BodyWriter.Write("\n"u8);
        }

        await http.Response.BodyWriter.FlushAsync(cancellation);
    }

    /// <summary>The table that the client asked for, or null where it asked for none.</summary>
    public TableBody? Table(ApiContext context) => context.Format.Shape != ObjectShape.Table
        ? null
        : new TableBody(context.Path.Kind, context.Format.MetaVersion, TableBody.ReadRowObject(context.Query.Text("includeObject")), api.Clock.Now);

    public static void Begin(HttpContext http, ResponseFormat format, int code)
    {
        http.Response.StatusCode = code;
        http.Response.ContentType = format.ContentType;
    }

    private static async Task WriteAsync(PipeWriter output, ListBody list, ResponseFormat format, CancellationToken cancellation)
    {
        using var text = ListText.Of(list, format, output);
        text.Begin();
        foreach (var item in list.Items)
        {
            text.Item(item);
            if (output.UnflushedBytes >= FlushFromBytes)
            {
                await output.FlushAsync(cancellation);
                await Task.Yield();
            }
        }

        text.End();
        await output.FlushAsync(cancellation);
    }

    private static GZipStream Compressed(HttpContext http)
    {
        http.Response.Headers.ContentEncoding = "gzip";
        http.Response.Headers.Append("Vary", "Accept-Encoding");
        return new GZipStream(http.Response.Body, CompressionLevel.Fastest, leaveOpen: true);
    }

    private static bool AcceptsGzip(HttpContext http) =>
        http.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase);

    private static ReadOnlyMemory<byte> Indent(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var output = new ArrayBufferWriter<byte>(json.Length * 2);
        using (var writer = new Utf8JsonWriter(output, JsonStyle.Pretty))
        {
            document.WriteTo(writer);
        }

        return output.WrittenMemory;
    }
}
