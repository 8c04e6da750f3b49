namespace Orleans.StatefulSets.Workloads.Programs.Servers.Http;

/// <summary>Why a request can't be answered as it asks.</summary>
internal enum HttpFault
{
    /// <summary>It is no request.</summary>
    Malformed,

    /// <summary>Its first line is longer than is taken.</summary>
    LineTooLong,

    /// <summary>Its headers are longer than is taken.</summary>
    HeadersTooLong,

    /// <summary>Its body is longer than is taken.</summary>
    BodyTooLong,

    /// <summary>A version of the protocol that is not spoken.</summary>
    UnknownVersion,

    /// <summary>A transfer coding that is not understood.</summary>
    UnknownCoding,

    /// <summary>It did not come in time.</summary>
    TooSlow,

    /// <summary>The client went before it was whole.</summary>
    Gone,
}

/// <summary>A request can't be answered as it asks; the connection can't be used any further.</summary>
internal sealed class HttpFaultException(HttpFault fault) : Exception(fault.ToString())
{
    public HttpFault Fault => fault;
}
