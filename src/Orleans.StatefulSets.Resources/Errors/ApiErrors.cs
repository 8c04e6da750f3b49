using k8s.Models;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Resources.Errors;

/// <summary>
/// Every refusal that clients meet, worded as apimachinery's <c>pkg/api/errors/errors.go</c> words it.
/// </summary>
public static class ApiErrors
{
    public static ApiException NotFound(ResourceKind kind, string name) => NotFound(kind.Resource, kind.Group, kind.Plural, name);

    /// <summary>The path itself is unknown: no such group, version or resource.</summary>
    public static ApiException PathNotFound() => Build(404, "NotFound", "the server could not find the requested resource", new V1StatusDetails());

    public static ApiException AlreadyExists(ResourceKind kind, string name) =>
        Build(409, "AlreadyExists", $"{kind.Resource} \"{name}\" already exists", Details(kind, name));

    public static ApiException Conflict(ResourceKind kind, string name, string why = ObjectModified) =>
        Build(409, "Conflict", $"Operation cannot be fulfilled on {kind.Resource} \"{name}\": {why}", Details(kind, name));

    public static ApiException Forbidden(ResourceKind kind, string name, string why) =>
        Build(403, "Forbidden", name.Length == 0 ? $"{kind.Resource} is forbidden: {why}" : $"{kind.Resource} \"{name}\" is forbidden: {why}", Details(kind, name));

    public static ApiException BadRequest(string message) => Build(400, "BadRequest", message, null);

    public static ApiException MethodNotSupported(ResourceKind kind, string action) =>
        Build(405, "MethodNotAllowed", $"{action} is not supported on resources of kind \"{kind.Resource}\"", Details(kind, null));

    public static ApiException MethodNotAllowed() =>
        Build(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", new V1StatusDetails());

    public static ApiException NotAcceptable(string message) => Build(406, "NotAcceptable", message, null);

    public static ApiException UnsupportedMediaType(string message) => Build(415, "UnsupportedMediaType", message, null);

    /// <summary>One or more fields are wrong: 422 with a cause a field.</summary>
    public static ApiException Invalid(ResourceKind kind, string name, IReadOnlyList<FieldError> errors)
    {
        var texts = errors.Select(error => error.ToString()).Distinct().ToList();
        var text = texts.Count == 1 ? texts[0] : $"[{string.Join(", ", texts)}]";
        var details = Details(kind, name) with
        {
            Kind = kind.Kind,
            Causes = [.. errors.Select(error => new V1StatusCause { Reason = error.Type, Field = error.Field, Message = error.Message })],
        };
        return Build(422, "Invalid", $"{kind.Kind}{(kind.Group.Length == 0 ? "" : "." + kind.Group)} \"{name}\" is invalid: {text}", details);
    }

    /// <summary>A watch or a continue token from before the oldest remembered version.</summary>
    public static ApiException Expired(string message) => Build(410, "Expired", message, null);

    public static ApiException Gone(string message) => Build(410, "Gone", message, null);

    public static ApiException RequestTooLarge(string message) => Build(413, "RequestEntityTooLarge", message, null);

    public static ApiException TooManyRequests(string message, int retryAfterSeconds) =>
        Build(429, "TooManyRequests", message, new V1StatusDetails { RetryAfterSeconds = retryAfterSeconds });

    /// <summary>The request did not come to its end in time; the message is upstream's <c>Timeout: …</c>.</summary>
    public static ApiException Timeout(string message, V1StatusCause? cause = null, int retryAfterSeconds = 1) =>
        Build(504, "Timeout", $"Timeout: {message}", new V1StatusDetails { RetryAfterSeconds = retryAfterSeconds, Causes = cause is null ? null : [cause] });

    public static ApiException ServiceUnavailable(string message) => Build(503, "ServiceUnavailable", message, null);

    public static ApiException InternalError(string message) =>
        Build(500, "InternalError", $"Internal error occurred: {message}", new V1StatusDetails { Causes = [new V1StatusCause { Message = message }] });

    /// <summary>An error that upstream gives out as it is (apimachinery's <c>ErrorToAPIStatus</c>): 500 with its text and no reason.</summary>
    public static ApiException Plain(string message) => new(new V1Status
    {
        ApiVersion = "v1",
        Kind = "Status",
        Metadata = new V1ListMeta(),
        Status = "Failure",
        Code = 500,
        Message = message,
    });

    /// <summary>The text of an update that came too late.</summary>
    public const string ObjectModified =
        "the object has been modified; please apply your changes to the latest version and try again";

    private static ApiException NotFound(string resource, string group, string plural, string name) =>
        Build(404, "NotFound", $"{resource} \"{name}\" not found", new V1StatusDetails { Group = NullIfEmpty(group), Kind = plural, Name = name });

    private static V1StatusDetails Details(ResourceKind kind, string? name) =>
        new() { Group = NullIfEmpty(kind.Group), Kind = kind.Plural, Name = string.IsNullOrEmpty(name) ? null : name };

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    private static ApiException Build(int code, string reason, string message, V1StatusDetails? details) => new(new V1Status
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
