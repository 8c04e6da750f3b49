using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Faults;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Reconciliation.Faults;

/// <summary>What a Fault refuses requests with: a Status as an API server answers with that code, whose message names the Fault.</summary>
public static class RequestRefusals
{
    private const int RetryAfterSeconds = 1;

    /// <summary>The refusal of a request.</summary>
    public static ApiException Of(ArmedFault fault, FaultedRequest request)
    {
        var why = $"fault \"{fault.Name}\" of {ResourceKinds.Faults.Group}";
        var kind = ResourceKinds.Find(request.Group.Length == 0 ? request.Resource.Split('/')[0] : $"{request.Resource.Split('/')[0]}.{request.Group}") ?? ResourceKinds.Faults;
        return fault.Spec.StatusCode switch
        {
            403 => ApiErrors.Forbidden(kind, request.Name, why),
            409 => ApiErrors.Conflict(kind, request.Name, why),
            429 => ApiErrors.TooManyRequests($"the server has received too many requests and has asked us to try again later: {why}", RetryAfterSeconds),
            503 => ApiErrors.ServiceUnavailable($"the server is currently unable to handle the request: {why}"),
            504 => ApiErrors.Timeout(why, retryAfterSeconds: RetryAfterSeconds),
            _ => ApiErrors.InternalError(why),
        };
    }
}
