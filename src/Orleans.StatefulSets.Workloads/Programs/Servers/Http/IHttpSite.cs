namespace Orleans.StatefulSets.Workloads.Programs.Servers.Http;

/// <summary>What a server answers, how it spells its answers, and what it notes of them.</summary>
internal interface IHttpSite
{
    /// <summary>Its bounds.</summary>
    HttpLimits Limits { get; }

    /// <summary>Answers a request.</summary>
    /// <returns>Null where the connection is closed without an answer.</returns>
    /// <exception cref="HttpFaultException">Its body can't be read: <see cref="Refuse"/> answers.</exception>
    ValueTask<HttpResponse?> AnswerAsync(HttpRequest request);

    /// <summary>Answers what is no request, or one that can't be answered.</summary>
    /// <returns>Null where the connection is closed without an answer.</returns>
    HttpResponse? Refuse(HttpRequest request, HttpFault fault);

    /// <summary>The head of a response: the first line and the headers, without their ends.</summary>
    IEnumerable<string> HeadOf(HttpRequest request, HttpResponse response);

    /// <summary>Notes what was done.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="status">The status that was answered, or that says why nothing was.</param>
    /// <param name="sent">Bytes of the body that went.</param>
    ValueTask LogAsync(HttpRequest request, int status, long sent);
}
