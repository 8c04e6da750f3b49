using k8s.Models;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Api.Responses;

/// <summary>The refusals that only the API layer makes, worded as apiserver words them.</summary>
internal static class Refusals
{
    public static ApiException Forbidden(string why) => Build(403, "Forbidden", $"forbidden: {why}");

    public static ApiException Unauthorized() => Build(401, "Unauthorized", "Unauthorized");

    public static ApiException RequestTimedOut() =>
        ApiErrors.Timeout("request did not complete within requested timeout - context deadline exceeded", retryAfterSeconds: 0);

    public static ApiException NoSuchPatch()
    {
        var refusal = ApiErrors.UnsupportedMediaType("415: Unsupported Media Type");
        return new ApiException(refusal.Status with { Details = new V1StatusDetails() });
    }

    /// <summary>The options of a request are wrong: 422 of the kind <c>ListOptions</c>, <c>CreateOptions</c> ….</summary>
    public static ApiException InvalidOptions(string optionsKind, IReadOnlyList<FieldError> errors) =>
        ApiErrors.Invalid(OptionsKind(optionsKind), "", errors);

    /// <summary>The refusal with a field of its metadata filled, which a client may go on with.</summary>
    public static ApiException WithContinue(ApiException refusal, string token) =>
        new(refusal.Status with { Metadata = new V1ListMeta { ContinueProperty = token } });

    /// <summary><c>generateName</c> met taken names only (apimachinery's <c>NewGenerateNameConflict</c>).</summary>
    public static ApiException GeneratedNameTaken(ResourceKind kind, string name)
    {
        var status = ApiErrors.AlreadyExists(kind, name).Status;
        return new ApiException(status with
        {
            Message = $"{status.Message}, the server was not able to generate a unique name for the object",
            Details = status.Details with { RetryAfterSeconds = 1 },
        });
    }

    private static ResourceKind OptionsKind(string kind) => new()
    {
        Group = "meta.k8s.io",
        Version = "v1",
        Kind = kind,
        Plural = kind,
        Singular = kind,
        Namespaced = false,
        ModelType = typeof(object),
    };

    private static ApiException Build(int code, string reason, string message) => new(new V1Status
    {
        ApiVersion = "v1",
        Kind = "Status",
        Metadata = new V1ListMeta(),
        Status = "Failure",
        Code = code,
        Reason = reason,
        Message = message,
    });
}
