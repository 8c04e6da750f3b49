using k8s.Models;
using Orleans.StatefulSets.Api.Hosting;
using Orleans.StatefulSets.Api.Requests;
using Orleans.StatefulSets.Api.Responses;
using Orleans.StatefulSets.Resources.Decoding;
using Orleans.StatefulSets.Resources.Errors;

namespace Orleans.StatefulSets.Api.Writes;

/// <summary>DeleteOptions from a body, or where there is none from the query.</summary>
internal sealed class DeleteQuery(RequestBody bodies)
{
    /// <exception cref="ApiException">400, 413, 415, or 422 for options that contradict each other.</exception>
    public async Task<(V1DeleteOptions Options, ReadOnlyMemory<byte> Body)> ReadAsync(ApiContext context)
    {
        var body = await bodies.ReadObjectAsync(context);
        var options = body.Length > 0 ? ObjectDecoder.DecodeDeleteOptions(body) : FromQuery(context.Query);
        var errors = Check(options).ToList();
        return errors.Count > 0 ? throw Refusals.InvalidOptions("DeleteOptions", errors) : (options, body);
    }

    private static V1DeleteOptions FromQuery(ApiQuery query) => new()
    {
        GracePeriodSeconds = query.Number("gracePeriodSeconds"),
        OrphanDependents = query.OptionalFlag("orphanDependents"),
        PropagationPolicy = query.Text("propagationPolicy") is { Length: > 0 } policy ? policy : null,
        DryRun = query.Text("dryRun").Length > 0 ? [.. query.Texts("dryRun")] : null,
    };

    private static IEnumerable<FieldError> Check(V1DeleteOptions options)
    {
        if (options.OrphanDependents is not null && options.PropagationPolicy is not null)
        {
            yield return new FieldError(
                "FieldValueInvalid", "propagationPolicy",
                $"Invalid value: \"{options.PropagationPolicy}\": orphanDependents and deletionPropagation cannot be both set");
        }

        if (options.PropagationPolicy is not (null or "Foreground" or "Background" or "Orphan"))
        {
            yield return new FieldError(
                "FieldValueNotSupported", "propagationPolicy",
                $"Unsupported value: \"{options.PropagationPolicy}\": supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\"");
        }

        foreach (var error in WriteOptions.CheckDryRun(options.DryRun ?? []))
        {
            yield return error;
        }
    }
}
