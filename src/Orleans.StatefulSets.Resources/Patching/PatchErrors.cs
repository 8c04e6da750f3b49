using k8s.Models;
using Orleans.StatefulSets.Resources.Errors;

namespace Orleans.StatefulSets.Resources.Patching;

/// <summary>How apiserver's patch handler answers a patch that does not apply.</summary>
internal static class PatchErrors
{
    /// <summary>422 without a word on why: what failed stays in the server (NewGenericServerResponse).</summary>
    public static ApiException Unprocessable() => Failure(422, "Invalid", "the server rejected our request due to an error in our request", new V1StatusDetails());

    /// <summary>An error that no case of the handler knows: 500 with its text and no reason.</summary>
    public static ApiException Unknown(string message) => Failure(500, null, message, null);

    /// <summary>The patched object does not decode: 422 with the patch named as the field.</summary>
    public static ApiException Undecodable(string patch, string why)
    {
        var message = $"Invalid value: {Decoding.GoText.Quote(patch)}: {why}";
        return Failure(422, "Invalid", $" \"\" is invalid: patch: {message}", new V1StatusDetails
        {
            Causes = [new V1StatusCause { Reason = "FieldValueInvalid", Field = "patch", Message = message }],
        });
    }

    private static ApiException Failure(int code, string? reason, string message, V1StatusDetails? details) => new(new V1Status
    {
        ApiVersion = "v1",
        Kind = "Status",
        Metadata = new V1ListMeta(),
        Status = "Failure",
        Code = code,
        Reason = reason,
        Message = message,
        Details = details,
    });
}
