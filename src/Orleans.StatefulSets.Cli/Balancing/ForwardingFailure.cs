using Yarp.ReverseProxy.Forwarder;

namespace Orleans.StatefulSets.Cli.Balancing;

/// <summary>What may be said of a request that got no answer.</summary>
internal static class ForwardingFailure
{
    /// <summary>Whether no server has seen anything of the request: there was none to send it to, or no connection could be made.</summary>
    public static bool ReachedNobody(IForwarderErrorFeature failure) =>
        failure.Error == ForwarderError.NoAvailableDestinations
        || (failure is { Error: ForwarderError.Request, Exception: HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } });

    /// <summary>Whether it is the server that failed, not the client that went away or sent what can't be read.</summary>
    public static bool IsOfServer(IForwarderErrorFeature failure) => failure.Error
        is ForwarderError.Request or ForwarderError.RequestTimedOut or ForwarderError.RequestBodyDestination or ForwarderError.ResponseHeaders
        or ForwarderError.NoAvailableDestinations;
}
