using System.Text.Json;
using System.Text.Json.Nodes;
using k8s.Models;
using Orleans.StatefulSets.Resources.Decoding;
using Orleans.StatefulSets.Resources.Errors;

namespace Orleans.StatefulSets.Resources.Writing;

/// <summary>The body of a POST to a pod's <c>eviction</c>: how the pod is to be deleted (registry/core/pod/storage/eviction.go).</summary>
public static class EvictionBody
{
    /// <summary>Reads an Eviction of policy/v1, or of policy/v1beta1 as the old clients send it.</summary>
    /// <returns>The options of the delete, with the request's dryRun where the body has none.</returns>
    /// <exception cref="ApiException">400: it cannot be read, or names another pod.</exception>
    public static V1DeleteOptions Read(WriteRequest request)
    {
        var eviction = (V1Eviction)ObjectDecoder.Decode(DecodeTarget.Eviction, Current(request.Body), request.FieldValidation).Model;
        var metadata = ObjectNames.WithNamespace(eviction.Metadata, request.Key);
        if (metadata.Name != request.Key.Name)
        {
            throw ApiErrors.BadRequest("name in URL does not match name in Eviction object");
        }

        var options = eviction.DeleteOptions ?? new V1DeleteOptions();
        return options.DryRun is { Count: > 0 } || !request.DryRun ? options : options with { DryRun = ["All"] };
    }

    // The two versions have the same fields, so only the name is another.
    private static ReadOnlyMemory<byte> Current(ReadOnlyMemory<byte> body)
    {
        try
        {
            if (!body.IsEmpty && JsonNode.Parse(body.Span) is JsonObject parsed && parsed["apiVersion"]?.ToString() == "policy/v1beta1")
            {
                parsed["apiVersion"] = "policy/v1";
                return JsonSerializer.SerializeToUtf8Bytes(parsed);
            }
        }
        catch (Exception failure) when (failure is JsonException or ArgumentException)
        {
            // The decoder knows the words for what is wrong.
        }

        return body;
    }
}
