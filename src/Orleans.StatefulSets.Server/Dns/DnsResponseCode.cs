namespace Orleans.StatefulSets.Server.Dns;

/// <summary>What a response says of its query (RCODE), by its number on the wire.</summary>
internal enum DnsResponseCode
{
    /// <summary>NOERROR.</summary>
    None = 0,

    /// <summary>FORMERR: the query cannot be understood.</summary>
    FormatError = 1,

    /// <summary>SERVFAIL: it cannot be answered now.</summary>
    ServerFailure = 2,

    /// <summary>NXDOMAIN: there is no such name.</summary>
    NoSuchName = 3,

    /// <summary>NOTIMP: something else than a query.</summary>
    NotImplemented = 4,

    /// <summary>REFUSED: it is not answered.</summary>
    Refused = 5,

    /// <summary>BADVERS: a later EDNS than 0.</summary>
    BadVersion = 16,
}
