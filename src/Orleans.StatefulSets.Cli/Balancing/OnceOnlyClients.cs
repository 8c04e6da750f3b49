using Yarp.ReverseProxy.Forwarder;

namespace Orleans.StatefulSets.Cli.Balancing;

/// <summary>Connections to the servers on which nothing but a plain read is ever sent twice.</summary>
internal sealed class OnceOnlyClients : ForwarderHttpClientFactory
{
    /// <summary>How long a connection to a process of this machine may take: less than a person's patience.</summary>
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(2);

    protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        base.ConfigureHandler(context, handler);
        handler.ConnectTimeout = ConnectPatience;
    }

    protected override HttpMessageHandler WrapHandler(ForwarderHttpClientContext context, HttpMessageHandler handler) => new OnceOnly(handler);

    /// <summary>
    /// The client sends a request again by itself where a kept connection ends before any answer and no body was begun: it takes the server
    /// for one that closed an idle connection. But a server that was killed ends its connections just so, and may have carried out what it
    /// read. An empty body that was begun keeps the client from it; a plain read may come twice.
    /// </summary>
    private sealed class OnceOnly(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Content is null && !IsPlainRead(request))
            {
                request.Content = new ByteArrayContent([]);
            }

            return base.SendAsync(request, cancellationToken);
        }

        private static bool IsPlainRead(HttpRequestMessage request) =>
            (request.Method == HttpMethod.Get || request.Method == HttpMethod.Head || request.Method == HttpMethod.Options) && request.Headers.Upgrade.Count == 0;
    }
}
