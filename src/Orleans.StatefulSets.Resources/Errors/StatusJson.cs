using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using k8s.Models;

namespace Orleans.StatefulSets.Resources.Errors;

/// <summary>A Status in upstream's order of fields. The client library's own converter only reads them.</summary>
public static class StatusJson
{
    private static readonly JsonWriterOptions Open = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Encodes a Status, by its fields that are set.</summary>
    public static ReadOnlyMemory<byte> Encode(V1Status status)
    {
        var output = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(output, Open);
        json.WriteStartObject();
        json.WriteString("kind", "Status");
        json.WriteString("apiVersion", "v1");
        json.WriteStartObject("metadata");
        Text(json, "continue", status.Metadata?.ContinueProperty);
        json.WriteEndObject();
        Text(json, "status", status.Status);
        Text(json, "message", status.Message);
        Text(json, "reason", status.Reason);
        if (status.Details is { } details)
        {
            Details(json, details);
        }

        Number(json, "code", status.Code);
        json.WriteEndObject();
        json.Flush();
        return output.WrittenMemory;
    }

    private static void Details(Utf8JsonWriter json, V1StatusDetails details)
    {
        json.WriteStartObject("details");
        Text(json, "name", details.Name);
        Text(json, "group", details.Group);
        Text(json, "kind", details.Kind);
        Text(json, "uid", details.Uid);
        if (details.Causes is { Count: > 0 })
        {
            json.WriteStartArray("causes");
            foreach (var cause in details.Causes)
            {
                json.WriteStartObject();
                Text(json, "reason", cause.Reason);
                Text(json, "message", cause.Message);
                Text(json, "field", cause.Field);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        Number(json, "retryAfterSeconds", details.RetryAfterSeconds);
        json.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            json.WriteString(name, value);
        }
    }

    private static void Number(Utf8JsonWriter json, string name, int? value)
    {
        if (value is not (null or 0))
        {
            json.WriteNumber(name, value.Value);
        }
    }
}
