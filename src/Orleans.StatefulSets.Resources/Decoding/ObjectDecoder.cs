using System.Text;
using System.Text.Json;
using k8s;
using k8s.Models;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.Decoding;

/// <summary>
/// Turns a client's JSON into a model as an API server does: apiserver's create handler, apimachinery's JSON serializer and
/// sigs.k8s.io/json together.
/// </summary>
public static class ObjectDecoder
{
    private const int SummaryLength = 30;

    /// <summary>Decodes an object of a kind.</summary>
    /// <exception cref="ApiException">400 BadRequest: not JSON, another kind, a wrong type, or (Strict) unknown or duplicate fields.</exception>
    public static DecodedObject Decode(ResourceKind kind, ReadOnlyMemory<byte> json, FieldValidation mode) =>
        Decode(DecodeTarget.Of(kind), json, mode);

    /// <summary>Decodes the body of a DELETE; an empty one says nothing.</summary>
    /// <exception cref="ApiException">400 BadRequest, as <see cref="Decode(ResourceKind, ReadOnlyMemory{byte}, FieldValidation)"/>.</exception>
    public static V1DeleteOptions DecodeDeleteOptions(ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty)
        {
            return new V1DeleteOptions();
        }

        if (ReadKind(json) is { Length: > 0 } kind and not "DeleteOptions")
        {
            throw ApiErrors.Plain("decoded object cannot be converted to DeleteOptions");
        }

        // kubectl names its DeleteOptions after the group of what it deletes; every group registers the kind.
        var (model, _, wrong) = DecodeModel(DecodeTarget.DeleteOptions, json);
        return wrong is null
            ? (V1DeleteOptions)model
            : throw Unhandled(DecodeTarget.DeleteOptions, new BodyKind("", "v1", "DeleteOptions"), wrong);
    }

    private static string ReadKind(ReadOnlyMemory<byte> json)
    {
        try
        {
            return BodyKind.Read(json.Span, DecodeTarget.DeleteOptions, out _).Kind ?? "";
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return "";
        }
    }

    internal static DecodedObject Decode(DecodeTarget target, ReadOnlyMemory<byte> json, FieldValidation mode)
    {
        var body = CheckKind(target, json);
        var (model, findings, wrong) = DecodeModel(target, json);
        var complaints = mode == FieldValidation.Ignore ? [] : findings?.Complaints ?? [];
        if (wrong is null && mode == FieldValidation.Strict && complaints.Count > 0)
        {
            wrong = StrictError(complaints);
        }

        if (wrong is not null)
        {
            throw Unhandled(target, body, wrong);
        }

        if (!body.IsOf(target))
        {
            throw ApiErrors.BadRequest(
                $"the API version in the data ({body.ApiVersion}) does not match the expected API version ({target.ApiVersion})");
        }

        return new DecodedObject(Complete(model, target), complaints);
    }

    /// <summary>The model, what the pass found, and what is wrong with it in the decoder's words (the model is then useless).</summary>
    internal static (object Model, ModelReader? Findings, string? Wrong) DecodeModel(DecodeTarget target, ReadOnlyMemory<byte> json)
    {
        var shape = ModelShape.Of(target.ModelType);
        if (json.Span.Trim(" \t\r\n"u8).SequenceEqual("null"u8))
        {
            json = "{}"u8.ToArray();
        }

        try
        {
            var findings = ModelReader.Read(json.Span, shape);
            var wrong = findings.Mismatch?.ToString() ?? findings.BadText;
            if (wrong is not null)
            {
                return (new object(), findings, wrong);
            }

            var clean = findings.NeedsNormalizing ? NullNormalizer.Normalize(json, shape) : json;
            return (ObjectJson.Decode(clean.Span, target.ModelType), findings, null);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            // What the first pass lets through and the model's own converters refuse: text that is not UTF-16, numbers beyond them.
            return (new object(), null, JsonSyntax.Complaint(json.Span) ?? failure.Message);
        }
    }

    internal static string StrictError(IEnumerable<string> complaints) => $"strict decoding error: {string.Join(", ", complaints)}";

    /// <summary>Fills in what a body may leave out.</summary>
    internal static object Complete(object model, DecodeTarget target)
    {
        var named = (IKubernetesObject)model;
        named.ApiVersion = target.ApiVersion;
        named.Kind = target.Kind;
        if (model is IMetadata<V1ObjectMeta> described)
        {
            described.Metadata ??= new V1ObjectMeta();
        }

        return model;
    }

    private static BodyKind CheckKind(DecodeTarget target, ReadOnlyMemory<byte> json)
    {
        string? wrong;
        var body = default(BodyKind);
        try
        {
            body = BodyKind.Read(json.Span, target, out wrong);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            wrong = $"couldn't get version/kind; json parse error: {JsonSyntax.Complaint(json.Span) ?? "exceeded max depth"}";
        }

        if (wrong is not null)
        {
            throw Unrecognized(target.Kind, wrong, json.Span);
        }

        return body.Misfit(target) is { } misfit ? throw Unhandled(target, body, misfit) : body;
    }

    /// <summary>The refusal of a body that has no kind.</summary>
    internal static ApiException Unrecognized(string expectedKind, string why, ReadOnlySpan<byte> body) =>
        ApiErrors.BadRequest($"the object provided is unrecognized (must be of type {expectedKind}): {why} ({Summary(body)})");

    private static ApiException Unhandled(DecodeTarget target, BodyKind body, string why) =>
        ApiErrors.BadRequest($"{body.Kind} in version \"{body.Version}\" cannot be handled as a {target.Kind}: {why}");

    private static string Summary(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty)
        {
            return "<empty>";
        }

        var shown = json[..Math.Min(json.Length, SummaryLength)];
        var text = json[0] == '{' ? Encoding.UTF8.GetString(shown) : Convert.ToHexStringLower(shown);
        return json.Length > SummaryLength ? $"{text} ..." : text;
    }
}
