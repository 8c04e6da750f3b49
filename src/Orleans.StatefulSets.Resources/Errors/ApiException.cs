using k8s.Models;

namespace Orleans.StatefulSets.Resources.Errors;

/// <summary>A refusal as an API server words it. What it carries is what the client gets.</summary>
public sealed class ApiException(V1Status status) : Exception(status.Message)
{
    /// <summary>The answer: code, reason, message, details and causes.</summary>
    public V1Status Status { get; } = status;

    /// <summary>The HTTP status code.</summary>
    public int Code => Status.Code ?? 500;

    /// <summary>The machine-readable reason, <c>NotFound</c>, <c>Conflict</c>, <c>Invalid</c> ….</summary>
    public string Reason => Status.Reason;
}
